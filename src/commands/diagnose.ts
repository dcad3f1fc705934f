import { createApi } from '../cluster/api.ts';
import { loadKubeConfig } from '../cluster/kube-config.ts';
import { onlyTransient } from '../cluster/source.ts';
import type { CommandIo } from '../command.ts';
import type { Config } from '../config/config.ts';
import { lookOnce } from '../inputs/one-look.ts';
import { findSharedTargets, type NamedView } from '../findings/across-clusters.ts';
import type { Finding } from '../findings/finding.ts';
import { reportOf } from '../findings/report.ts';
import { textFinding, textReport } from '../findings/text-report.ts';
import { findingsDocument } from '../http/status-page/findings-document.ts';
import { VERSION } from '../version.ts';

interface Look {
  readonly name: string;
  readonly view: NamedView['view'] | undefined;
  /** Why the cluster could not be looked at. */
  readonly failure: string | undefined;
}

/**
 * Looks once at each cluster and prints what is wrong. Exit code 0: nothing to act on (what is only worth knowing is
 * none), 1: something is wrong, 2: a cluster, or every check of one, could not be looked at; the rest is still printed.
 */
export async function run(config: Config, io: CommandIo): Promise<number> {
  const contexts = config.contexts.length === 0 ? [undefined] : config.contexts;
  const looks = await Promise.all(contexts.map((context) => look(config, context, io.stop)));
  const views = looks.flatMap(({ name, view }) => (view === undefined ? [] : [{ name, view }]));
  const shared = findSharedTargets(views);
  if (config.output === 'json') printJson(looks, shared, io);
  else printText(looks, shared, io);
  for (const { name, failure } of looks) {
    if (failure !== undefined) io.stderr.write(`freezewatch: could not look at ${name}: ${failure}\n`);
  }
  const reports = views.map(({ view }) => reportOf(view));
  if (views.length < looks.length || reports.some(({ verdict }) => verdict.status === 'unknown')) return 2;
  const all = [...shared, ...reports.flatMap(({ findings }) => findings)];
  return all.some(({ severity }) => severity !== 'info') ? 1 : 0;
}

async function look(config: Config, context: string | undefined, signal: AbortSignal): Promise<Look> {
  const kubeConfig = loadKubeConfig({
    ...(config.kubeconfig === undefined ? {} : { kubeconfig: config.kubeconfig }),
    ...(context === undefined ? {} : { context }),
  });
  const name = context ?? (config.clusterName === '' ? kubeConfig.currentContext : config.clusterName);
  const api = createApi(kubeConfig, { userAgent: `freezewatch/${VERSION}` });
  try {
    return { name, view: await lookOnce({ api, config, signal, readsLogs: true }), failure: undefined };
  } catch (error) {
    return { name, view: undefined, failure: onlyTransient(error).message };
  }
}

function printText(looks: readonly Look[], shared: readonly Finding[], io: CommandIo): void {
  const options = { colour: hasColour(io) };
  for (const { name, view } of looks) {
    if (view !== undefined) io.stdout.write(`${textReport(`Cluster ${name}`, reportOf(view), options)}\n`);
  }
  for (const finding of shared) io.stdout.write(`${textFinding(finding, options).join('\n')}\n\n`);
}

const hasColour = ({ stdout, environment }: CommandIo): boolean =>
  'isTTY' in stdout && stdout.isTTY === true && (environment.NO_COLOR ?? '') === '';

function printJson(looks: readonly Look[], shared: readonly Finding[], io: CommandIo): void {
  const clusters = looks.map(({ name, view, failure }) =>
    view === undefined ? { cluster: { name }, failure } : findingsDocument(reportOf(view), name),
  );
  io.stdout.write(
    `${JSON.stringify({ apiVersion: 'freezewatch/v1', clusters, acrossClusters: shared }, null, 2)}\n`,
  );
}
