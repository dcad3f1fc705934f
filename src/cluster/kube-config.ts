import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ConfigError } from '../errors.ts';

interface KubeConfigOptions {
  /** The file named by `--kubeconfig`; it wins over everything else. */
  readonly kubeconfig?: string;
  /** The context named by `--context`; else the file's current one. */
  readonly context?: string;
  /** Put before the paths of the in-cluster service account: tests have no root. */
  readonly inClusterPrefix?: string;
}

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Where the API server is and who we are: `kubeconfig`, else the in-cluster service account, else `KUBECONFIG`, else
 * `~/.kube/config`. Throws ConfigError when there is none, when it cannot be read, or when it lacks the context; it
 * never guesses localhost:8080, as the client library does.
 */
export function loadKubeConfig(options: KubeConfigOptions = {}): KubeConfig {
  const { kubeconfig, context, inClusterPrefix = '' } = options;
  if (kubeconfig !== undefined) return fromFiles([kubeconfig], context);
  if (isInCluster(inClusterPrefix)) return fromServiceAccount(inClusterPrefix, context);
  const files = defaultFiles();
  const found = files.filter((file) => existsSync(file));
  if (found.length === 0) throw new ConfigError([nothingFound(files)]);
  return fromFiles(found, context);
}

const isInCluster = (prefix: string): boolean =>
  Boolean(process.env.KUBERNETES_SERVICE_HOST) && existsSync(`${prefix}${TOKEN_FILE}`);

function defaultFiles(): readonly string[] {
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

const nothingFound = (files: readonly string[]): string =>
  'no cluster to watch: not running in a cluster (no service account token), and no kubeconfig at ' +
  `${files.join(', ')}; name one with --kubeconfig or KUBECONFIG, or try \`freezewatch demo\`, which needs no cluster`;

function fromServiceAccount(prefix: string, context: string | undefined): KubeConfig {
  if (context !== undefined) {
    const problem = `--context ${context}: the in-cluster service account has no contexts; name a file with --kubeconfig`;
    throw new ConfigError([problem]);
  }
  const config = new KubeConfig();
  config.loadFromCluster(prefix);
  return config;
}

/** As kubectl merges them: the first file that defines a name wins. */
function fromFiles(files: readonly string[], context: string | undefined): KubeConfig {
  const parts = files.map(readKubeConfig);
  const merged = new KubeConfig();
  merged.loadFromOptions({
    clusters: firstOfEachName(parts.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(parts.flatMap(({ users }) => users)),
    contexts: firstOfEachName(parts.flatMap(({ contexts }) => contexts)),
    currentContext: parts.map(({ currentContext }) => currentContext).find(Boolean) ?? '',
  });
  return withContext(merged, context, files.join(', '));
}

function firstOfEachName<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  const byName = new Map<string, T>();
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

function readKubeConfig(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromString(readFileSync(file, 'utf8'));
    config.makePathsAbsolute(dirname(file));
    return config;
  } catch (error) {
    throw new ConfigError([`${file}: ${unreadable(error)}`], error);
  }
}

/** Never the message of the YAML parser: it quotes lines of the file, and those may hold a token. */
function unreadable(error: unknown): string {
  if (!(error instanceof Error)) return 'is not a kubeconfig';
  if ('code' in error && typeof error.code === 'string') return `cannot be read (${error.code})`;
  return error.name === 'YAMLException' ? 'is not valid YAML' : 'is not a kubeconfig';
}

function withContext(config: KubeConfig, context: string | undefined, place: string): KubeConfig {
  const names = config.contexts.map(({ name }) => name);
  const wanted = context ?? config.currentContext;
  if (!names.includes(wanted)) {
    const missing = wanted === '' ? 'names no current context' : `has no context "${wanted}"`;
    throw new ConfigError([
      `${place}: ${missing}; --context can be: ${names.join(', ') || '(none is defined)'}`,
    ]);
  }
  config.setCurrentContext(wanted);
  const server: unknown = config.getCurrentCluster()?.server;
  if (typeof server !== 'string' || !URL.canParse(server)) {
    throw new ConfigError([`${place}: context "${wanted}" names no cluster with a valid server URL`]);
  }
  return config;
}
