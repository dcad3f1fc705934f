import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadKubeConfig } from '../../src/cluster/kube-config.ts';
import { ConfigError } from '../../src/errors.ts';

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';
const VARIABLES = ['KUBERNETES_SERVICE_HOST', 'KUBERNETES_SERVICE_PORT', 'KUBECONFIG', 'HOME'] as const;

const kubeConfig = (name: string, server = `https://${name}.example:6443`): string => `
apiVersion: v1
kind: Config
current-context: ${name}
clusters: [{ name: ${name}, cluster: { server: "${server}" } }]
users: [{ name: ${name}, user: { token: secret } }]
contexts:
  - { name: ${name}, context: { cluster: ${name}, user: ${name} } }
  - { name: shared, context: { cluster: ${name}, user: ${name} } }
`;

describe('loadKubeConfig', () => {
  let directory: string;
  const before = new Map(VARIABLES.map((name) => [name, process.env[name]]));
  const put = (path: string, text: string): string => {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const problemOf = (load: () => unknown): string => {
    try {
      load();
    } catch (error) {
      if (error instanceof ConfigError) return error.message;
      throw error;
    }
    throw new Error('it loaded');
  };
  const serverOf = (config: ReturnType<typeof loadKubeConfig>): string =>
    config.getCurrentCluster()?.server ?? '';

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'freezewatch-'));
    for (const name of VARIABLES) Reflect.deleteProperty(process.env, name);
    process.env.HOME = directory;
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });
  const enterCluster = (): string => {
    put(TOKEN_FILE, 'token');
    process.env.KUBERNETES_SERVICE_HOST = '10.53.0.1';
    process.env.KUBERNETES_SERVICE_PORT = '443';
    return directory;
  };

  it('takes the named file before everything else', () => {
    const inClusterPrefix = enterCluster();
    process.env.KUBECONFIG = put('other', kubeConfig('other'));
    const kubeconfig = put('named', kubeConfig('named'));
    assert.equal(serverOf(loadKubeConfig({ kubeconfig, inClusterPrefix })), 'https://named.example:6443');
  });

  it('takes the service account of the pod before KUBECONFIG', () => {
    const inClusterPrefix = enterCluster();
    process.env.KUBECONFIG = put('other', kubeConfig('other'));
    assert.equal(serverOf(loadKubeConfig({ inClusterPrefix })), 'https://10.53.0.1:443');
  });

  it('takes KUBECONFIG before the file in the home directory', () => {
    put('.kube/config', kubeConfig('home'));
    process.env.KUBECONFIG = put('other', kubeConfig('other'));
    assert.equal(serverOf(loadKubeConfig()), 'https://other.example:6443');
  });

  it('takes the file in the home directory at last', () => {
    put('.kube/config', kubeConfig('home'));
    assert.equal(serverOf(loadKubeConfig()), 'https://home.example:6443');
  });

  it('merges the files of KUBECONFIG, missing ones aside; the first to define a name wins', () => {
    const files = [put('a', kubeConfig('a')), join(directory, 'missing'), put('b', kubeConfig('b'))];
    process.env.KUBECONFIG = files.join(':');
    assert.equal(serverOf(loadKubeConfig()), 'https://a.example:6443');
    assert.equal(serverOf(loadKubeConfig({ context: 'b' })), 'https://b.example:6443');
    assert.equal(serverOf(loadKubeConfig({ context: 'shared' })), 'https://a.example:6443');
  });

  it('says what it looked for and names the demo when there is nothing, and never guesses localhost', () => {
    const problem = problemOf(() => loadKubeConfig({ inClusterPrefix: directory }));
    assert.match(problem, /not running in a cluster/);
    assert.ok(problem.includes(join(directory, '.kube', 'config')), problem);
    assert.match(problem, /freezewatch demo/);
  });

  it('names the contexts there are when the wanted one is unknown', () => {
    const kubeconfig = put('named', kubeConfig('named'));
    const problem = problemOf(() => loadKubeConfig({ kubeconfig, context: 'nmaed' }));
    assert.equal(problem, `${kubeconfig}: has no context "nmaed"; --context can be: named, shared`);
  });

  for (const [what, text, message] of [
    ['is empty', '', 'is not a kubeconfig'],
    ['is not YAML', 'users: [{token: secret', 'is not valid YAML'],
    ['is something else', 'a: 1', 'names no current context'],
    ['names no valid server', kubeConfig('x', 'nonsense'), 'no cluster with a valid server URL'],
  ] as const) {
    it(`names a file that ${what}, and quotes nothing of it`, () => {
      const kubeconfig = put('bad', text);
      const problem = problemOf(() => loadKubeConfig({ kubeconfig }));
      assert.ok(problem.startsWith(kubeconfig) && problem.includes(message), problem);
      assert.ok(!problem.includes('secret'), problem);
    });
  }

  it('names a file that cannot be read', () => {
    const problem = problemOf(() => loadKubeConfig({ kubeconfig: '/nowhere/config' }));
    assert.equal(problem, '/nowhere/config: cannot be read (ENOENT)');
  });
});
