import { onlyTransient } from '../cluster/source.ts';
import type { CommandIo } from '../command.ts';
import type { Config } from '../config/config.ts';
import { connect } from '../inputs/connection.ts';
import { takeSnapshot } from '../inputs/snapshot.ts';
import { findSharedTargets, type NamedView } from '../findings/across-clusters.ts';
import type { Finding } from '../findings/finding.ts';
import { reportOf } from '../findings/report.ts';
import { textFinding, textReport } from '../findings/text-report.ts';
import { findingsDocument } from '../http/status-page/findings-document.ts';

/** What one cluster showed. */
interface Outcome {
  readonly name: string;
  readonly view: NamedView['view'] | undefined;
  /** Why the cluster could not be looked at. */
  readonly failure: string | undefined;
}

/**
 * Takes a snapshot of each cluster and prints what is wrong. Exit code 0: nothing to act on (findings of severity
 * info do not count), 1: something is wrong, 2: a cluster, or every check of one, could not be looked at; the rest is
 * still printed.
 */
export async function run(config: Config, io: CommandIo): Promise<number> {
  const contexts = config.contexts.length === 0 ? [undefined] : config.contexts;
  const outcomes = await Promise.all(contexts.map((context) => outcomeOf(config, context, io.stop)));
  const views = outcomes.flatMap(({ name, view }) => (view === undefined ? [] : [{ name, view }]));
  const shared = findSharedTargets(views);
  if (config.output === 'json') printJson(outcomes, shared, io);
  else printText(outcomes, shared, config.verbose, io);
  for (const { name, failure } of outcomes) {
    if (failure !== undefined) io.stderr.write(`freezewatch: could not look at ${name}: ${failure}\n`);
  }
  const reports = views.map(({ view }) => reportOf(view));
  if (views.length < outcomes.length || reports.some(({ verdict }) => verdict.status === 'unknown')) return 2;
  const all = [...shared, ...reports.flatMap(({ findings }) => findings)];
  return all.some(({ severity }) => severity !== 'info') ? 1 : 0;
}

async function outcomeOf(config: Config, context: string | undefined, signal: AbortSignal): Promise<Outcome> {
  const { api, context: current } = connect(config, context);
  const name = context ?? (config.clusterName === '' ? current : config.clusterName);
  try {
    return { name, view: await takeSnapshot({ api, config, signal }), failure: undefined };
  } catch (error) {
    return { name, view: undefined, failure: onlyTransient(error).message };
  }
}

function printText(
  outcomes: readonly Outcome[],
  shared: readonly Finding[],
  verbose: boolean,
  io: CommandIo,
): void {
  const options = { colour: hasColour(io), verbose };
  for (const { name, view } of outcomes) {
    if (view !== undefined) io.stdout.write(`${textReport(`Cluster ${name}`, reportOf(view), options)}\n`);
  }
  for (const finding of shared) io.stdout.write(`${textFinding(finding, options).join('\n')}\n\n`);
}

const hasColour = ({ stdout, environment }: CommandIo): boolean =>
  'isTTY' in stdout && stdout.isTTY === true && (environment.NO_COLOR ?? '') === '';

function printJson(outcomes: readonly Outcome[], shared: readonly Finding[], io: CommandIo): void {
  const clusters = outcomes.map(({ name, view, failure }) =>
    view === undefined ? { cluster: { name }, failure } : findingsDocument(reportOf(view), name),
  );
  io.stdout.write(
    `${JSON.stringify({ apiVersion: 'freezewatch/v1', clusters, acrossClusters: shared }, null, 2)}\n`,
  );
}
