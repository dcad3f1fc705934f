import { type DeletionResult, deleteBackup } from '../break-loop/deletion.ts';
import { fullName, isSafe, planDeletions, type PlannedBackup } from '../break-loop/plan.ts';
import { nextSteps, planText } from '../break-loop/plan-text.ts';
import type { VolumeCheckOptions } from '../break-loop/volume-check.ts';
import type { Api } from '../cluster/api.ts';
import { onlyTransient } from '../cluster/source.ts';
import type { CommandIo } from '../command.ts';
import type { Config } from '../config/config.ts';
import { connect } from '../inputs/connection.ts';
import { takeSnapshot } from '../inputs/snapshot.ts';
import type { ClusterView } from '../model/view.ts';

/**
 * Lists the VMBackups in error that drive a freeze loop and are safe to delete, and why each other one is not; with
 * `--apply` deletes the safe ones, one after the other. Exit code 0: no VMBackup drives a loop
 * any more, 1: some are left, 2: could not look.
 */
export async function run(config: Config, io: CommandIo): Promise<number> {
  const { api } = connect(config);
  const view = await viewOf(api, config, io);
  if (view === undefined) return 2;
  const checking = { api, longhornNamespace: view.longhornNamespace, signal: io.stop };
  const planned = await planDeletions(view, config, checking);
  if (planned.length === 0) {
    io.stdout.write('No VMBackup is in error: nothing to do.\n');
    return 0;
  }
  io.stdout.write(planText(planned, view.nowMs));
  const safe = planned.filter(isSafe);
  const deleted = config.apply ? await deleteAll(safe, checking, io) : 0;
  if (!config.apply && safe.length > 0)
    io.stdout.write('\nNothing was changed. Add --apply to delete what is safe to delete.\n');
  io.stdout.write(`\n${nextSteps(planned)}`);
  return planned.filter(({ drivesLoop }) => drivesLoop).length > deleted ? 1 : 0;
}

/** undefined, with a message on stderr, when a kind that the judgement needs cannot be read. */
async function viewOf(
  api: Api,
  config: Config,
  { stop, stderr }: CommandIo,
): Promise<ClusterView | undefined> {
  const { view, failure } = await snapshotOf(api, config, stop);
  if (failure !== undefined) stderr.write(`freezewatch: could not look at ${api.server}: ${failure}\n`);
  return view;
}

interface Snapshot {
  readonly view?: ClusterView;
  readonly failure?: string;
}

async function snapshotOf(api: Api, config: Config, signal: AbortSignal): Promise<Snapshot> {
  try {
    // Launcher logs are not needed for this decision.
    const view = await takeSnapshot({ api, config: { ...config, launcherLogs: 'off' }, signal });
    if (view.vmBackups.available && view.vmis.available) return { view };
    const missing = view.sources.filter(({ source, up }) => NEEDED.has(source) && up !== true);
    const remedies = missing.map(
      ({ source, remedy = 'not served by this cluster' }) => `${source}: ${remedy}`,
    );
    return { failure: remedies.join('; ') };
  } catch (error) {
    return { failure: onlyTransient(error).message };
  }
}

const NEEDED: ReadonlySet<string> = new Set(['virtualmachinebackups', 'virtualmachineinstances']);

/** How many were deleted; stops at the first that fails. */
async function deleteAll(
  safe: readonly PlannedBackup[],
  checking: VolumeCheckOptions,
  { stdout, stderr }: CommandIo,
): Promise<number> {
  let deleted = 0;
  stdout.write('\n');
  for (const [index, { backup }] of safe.entries()) {
    const result = await deleteBackup(backup, checking);
    const line = `[${index + 1}/${safe.length}] ${fullName(backup)}: ${textOf(result)}\n`;
    if (result.outcome === 'failed') {
      stderr.write(`${line}Stopped: ${safe.length - index - 1} more were not touched.\n`);
      break;
    }
    stdout.write(line);
    if (result.outcome === 'deleted' || result.outcome === 'gone') deleted += 1;
  }
  return deleted;
}

function textOf(result: DeletionResult): string {
  switch (result.outcome) {
    case 'deleted':
      return 'deleted';
    case 'gone':
      return 'was gone already';
    case 'deleting':
      return 'deletion accepted, but its finalizers take long: look whether the backup target is available';
    case 'kept':
      return `kept: ${result.reason}`;
    case 'failed':
      return `not deleted: ${result.reason}`;
  }
}
