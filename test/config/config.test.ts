import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config, type ConfigSources } from '../../src/config/config.ts';
import { ConfigError } from '../../src/errors.ts';

const NONE: ConfigSources = { command: 'serve', flags: new Map(), environment: {} };

function flags(given: Readonly<Record<string, string | readonly string[]>>): ConfigSources['flags'] {
  return new Map(
    Object.entries(given).map(([flag, texts]) => [flag, typeof texts === 'string' ? [texts] : texts]),
  );
}

async function problemsOf(loading: Promise<Config>): Promise<readonly string[]> {
  try {
    await loading;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  let directory = '';
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'freezewatch-config-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function file(text: string): string {
    const path = join(directory, 'freezewatch.yaml');
    writeFileSync(path, text);
    return path;
  }

  it('has the defaults of the documentation when nothing is given', async () => {
    assert.deepEqual(await loadConfig(NONE), {
      configFile: undefined,
      kubeconfig: undefined,
      contexts: [],
      listenAddress: { host: '', port: 9965 },
      telemetryPath: '/metrics',
      verbose: false,
      webConfigFile: undefined,
      clusterName: '',
      kubevirtNamespace: undefined,
      longhornNamespace: undefined,
      launcherLogs: 'suspects',
      businessHours: undefined,
      shard: { index: 1, total: 1 },
      allowedTargets: [],
      logLevel: 'info',
      logFormat: 'logfmt',
      speed: 60,
      scenario: undefined,
      clusters: undefined,
      noPrometheus: false,
      output: 'text',
      namespace: undefined,
      vm: undefined,
      apply: false,
    });
  });

  it('prefers a flag to a variable to the file', async () => {
    const environment = { FREEZEWATCH_LOG_LEVEL: 'warn', FREEZEWATCH_CLUSTER_NAME: 'variable' };
    const config = file('log.level: error\ncluster-name: file\nlog.format: json\n');
    const loaded = await loadConfig({ ...NONE, environment, flags: flags({ config, 'log.level': 'debug' }) });
    assert.deepEqual(
      [loaded.logLevel, loaded.clusterName, loaded.logFormat, loaded.configFile],
      ['debug', 'variable', 'json', config],
    );
  });

  it('lists every problem of every source, each with its place, those of the file in its order', async () => {
    const path = file('log.format: xml\nlog.levle: info\nshard: [1/2, 2/2]\n\nspeed: 0\n');
    const environment = { FREEZEWATCH_CONFIG: path, FREEZEWATCH_WEB_LISTEN_ADDRESS: '9965' };
    const loading = loadConfig({
      ...NONE,
      environment,
      problems: ['--x: unknown'],
      flags: flags({ shard: '3/2' }),
    });
    assert.deepEqual(await problemsOf(loading), [
      '--x: unknown',
      'FREEZEWATCH_WEB_LISTEN_ADDRESS: "9965" is not an address: write host:port, as :9965, 127.0.0.1:9965 or [::1]:9965',
      '--shard: "3/2" is not a shard: write I/N with 1 <= I <= N <= 1000, as 2/3',
      `${path}:1:13: log.format: "xml" is none of logfmt, json`,
      `${path}:2:1: unknown key "log.levle"; did you mean log.level?`,
      `${path}:3:8: shard: takes one value, not a list`,
      `${path}:5:8: speed: "0" is not a number from 1 to 10000`,
    ]);
  });

  const brokenFiles = {
    'text that is not YAML': ['a: [1,\nb: 2\n', /:\d+:\d+: /],
    'a list instead of keys': ['- a\n', /:1:1: expected keys and values/],
    'a key given twice': ['shard: 1/2\nshard: 2/2\n', /:2:1: Map keys must be unique/],
    'a key that is split at its dot': [
      'log:\n  level: info\n',
      /:2:3: log: expected one value or a list of values; a name with dots/,
    ],
    'a list of one where one value is meant': [
      'kubeconfig: [a]\n',
      /:1:13: kubeconfig: takes one value, not a list$/,
    ],
    'an empty list where one value is meant': [
      'log.level: []\n',
      /:1:12: log\.level: takes one value, not a list$/,
    ],
    'two contexts where one is meant': [
      'context: [a, b]\n',
      /:1:10: context: serve looks at one cluster; only diagnose takes several contexts$/,
    ],
    'a list in a list': ['context: [[a]]\n', /:1:10: context: expected one value/],
    'what only a flag may say': ['apply: true\n', /:1:1: apply cannot be set in a file, only as --apply/],
    'the file itself': ['config: other.yaml\n', /:1:1: config cannot be set in a file/],
  } as const;
  for (const [title, [text, problem]] of Object.entries(brokenFiles)) {
    it(`refuses in the file ${title}`, async () => {
      const problems = await problemsOf(loadConfig({ ...NONE, flags: flags({ config: file(text) }) }));
      assert.match(problems[0] ?? '', problem);
    });
  }

  it('lists the other problems of a file beside a key given twice', async () => {
    const path = file('shard: 1/2\nnope: 1\nshard: 2/2\n');
    assert.deepEqual(await problemsOf(loadConfig({ ...NONE, flags: flags({ config: path }) })), [
      `${path}:2:1: unknown key "nope"`,
      `${path}:3:1: Map keys must be unique`,
    ]);
  });

  it('takes values of the file in their native types, and lists', async () => {
    const config = file(
      'speed: 1.50\nno-prometheus: true\nlauncher-logs: "off"\ncontext:\n  - a\n  - b\ncluster-name: 1.10\nvm:\n',
    );
    const loaded = await loadConfig({ ...NONE, command: 'diagnose', flags: flags({ config }) });
    assert.deepEqual(
      [
        loaded.speed,
        loaded.noPrometheus,
        loaded.launcherLogs,
        loaded.contexts,
        loaded.clusterName,
        loaded.vm,
      ],
      [1.5, true, 'off', ['a', 'b'], '1.10', undefined],
    );
  });

  it('accepts an empty file', async () => {
    assert.equal(
      (await loadConfig({ ...NONE, flags: flags({ config: file('# nothing yet\n') }) })).logLevel,
      'info',
    );
  });

  it('says which file it cannot read', async () => {
    const config = join(directory, 'none.yaml');
    const [problem = ''] = await problemsOf(loadConfig({ ...NONE, flags: flags({ config }) }));
    assert.ok(problem.startsWith(`--config: cannot read ${config}: ENOENT`), problem);
  });

  it('takes an empty variable as not set, and an empty flag as said', async () => {
    const environment = { FREEZEWATCH_CLUSTER_NAME: 'east', FREEZEWATCH_LOG_LEVEL: '' };
    const loaded = await loadConfig({ ...NONE, environment, flags: flags({ 'cluster-name': '' }) });
    assert.deepEqual([loaded.clusterName, loaded.logLevel], ['', 'info']);
  });

  it('ignores the variables Kubernetes sets for a Service of our name', async () => {
    const environment = { FREEZEWATCH_PORT: 'tcp://10.0.0.1:9965', FREEZEWATCH_SERVICE_HOST: '10.0.0.1' };
    assert.equal((await loadConfig({ ...NONE, environment })).listenAddress.port, 9965);
  });

  it('does not delete because of a variable', async () => {
    const environment = { FREEZEWATCH_APPLY: 'true' };
    assert.equal((await loadConfig({ ...NONE, command: 'break-loop', environment })).apply, false);
  });

  it('takes several contexts for diagnose only', async () => {
    const several = { ...NONE, environment: { FREEZEWATCH_CONTEXT: 'east, west' } };
    assert.deepEqual((await loadConfig({ ...several, command: 'diagnose' })).contexts, ['east', 'west']);
    assert.deepEqual(await problemsOf(loadConfig(several)), [
      '--context: serve looks at one cluster; only diagnose takes several contexts',
    ]);
  });
});
