import { conflictLevel } from '../model/conflicts/conflict-level.ts';
import { type TargetEvidence, targetEvidence } from '../model/conflicts/target-evidence.ts';
import { signalCount, TARGET_SIGNALS, type TargetSignal } from '../model/conflicts/target-signal.ts';
import type { ClusterView } from '../model/view.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { showBackupTarget } from './kubectl.ts';
import { blockersOf } from './not-restorable.ts';
import { commandLine } from './shell-word.ts';
import { ago, moment } from './wording.ts';

/** Backup targets that another cluster uses too, and those that cannot be reached. */
export function findTargetTrouble(view: ClusterView): readonly Finding[] {
  return targetEvidence(view).flatMap((evidence): readonly Finding[] => {
    const level = conflictLevel(view, evidence);
    return [
      ...(level === 3 ? [conflictFinding(view, evidence)] : []),
      // Who only reads a shared target is a migration or a DR site, and harms nobody.
      ...(level === 2 && (evidence.localWriter || evidence.deletedImports > 0)
        ? [sharedFinding(view, evidence)]
        : []),
      ...(evidence.current.target.available ? [] : [unavailableFinding(view, evidence)]),
    ];
  });
}

const SIGNAL_TEXTS: Readonly<Record<TargetSignal, string>> = {
  foreign_volume: 'Volumes in it that were never in this cluster',
  live_foreign_write: 'Backups another cluster wrote lately',
  imported_backup: 'VMBackups imported from it',
  live_import: 'VMBackups imported while another cluster made them',
  foreign_schedule: "VMBackups of another cluster's schedule",
  not_found: 'VMBackups in error because their data is not found',
  dangling: 'Ready VMBackups without data',
  degraded: 'VMBackups Harvester changed back to non-ready',
  local_writer: 'This cluster writes to it as well',
  deleted_import: 'Failed imports that were deleted within a week',
};

const signalsOf = (view: ClusterView, evidence: TargetEvidence): readonly Evidence[] =>
  TARGET_SIGNALS.flatMap((signal) => {
    const count = signalCount(view, evidence, signal) ?? 0;
    if (count === 0) return [];
    return [{ label: SIGNAL_TEXTS[signal], value: signal === 'local_writer' ? 'yes' : String(count) }];
  });

function conflictFinding(view: ClusterView, evidence: TargetEvidence): Finding {
  const { target, targetId } = evidence.current.place;
  return {
    id: 'HarvesterBackupTargetConflict',
    severity: 'critical',
    title: isPeerProven(evidence)
      ? `Another cluster uses backup target ${target}, and backups are being lost`
      : `Backups of target ${target} are being lost`,
    subject: { target },
    evidence: [...signalsOf(view, evidence), ...blockersOf(view), { label: 'target_id', value: targetId }],
    explanation: `${isPeerProven(evidence) ? '' : LIKELY_PEER}Harvester imports what it finds in a target, and deletes there what is deleted here: two clusters with one target delete each other’s backups, and retry what they cannot find.`,
    remedy: {
      text: 'In this order: suspend the schedules of both clusters; delete the failed VMBackups that are safe to delete; give the cluster that came later a bucket or export of its own; only then delete what it imported; resume the schedules.',
      commands: [SUSPENDED_SCHEDULES, 'freezewatch break-loop', 'freezewatch break-loop --apply'],
    },
    runbook: runbookOf('HarvesterBackupTargetConflict'),
  };
}

const SUSPENDED_SCHEDULES = commandLine(
  'kubectl',
  'get',
  'schedulevmbackups.harvesterhci.io',
  '-A',
  '-o',
  'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,SUSPENDED:.spec.suspend',
);

function sharedFinding(view: ClusterView, evidence: TargetEvidence): Finding {
  const { target, targetId } = evidence.current.place;
  return {
    id: 'HarvesterBackupTargetShared',
    severity: 'warning',
    title: sharedTitle(view, evidence),
    subject: { target },
    evidence: [...signalsOf(view, evidence), ...blockersOf(view), { label: 'target_id', value: targetId }],
    explanation: `${stateOfLosses(view, evidence)} A backup deleted in one of two clusters with one target is deleted for both, and up to Harvester 1.4 that starts freeze loops in the other.`,
    remedy: {
      text: `Give each cluster a bucket or export of its own: Harvester knows no prefix within one. If it is a migration or a DR reader, allow it until a date: --allow-shared-target ${targetId}=<date>.`,
      commands: [showBackupTarget(view, evidence.current.target.name)],
    },
    runbook: runbookOf('HarvesterBackupTargetShared'),
  };
}

/** Only what another writer made while this cluster watched proves that there is one. */
const isPeerProven = ({ liveForeignWrites }: TargetEvidence): boolean => liveForeignWrites.length > 0;

const LIKELY_PEER =
  'Likely another cluster uses this target; no write of another one was seen, so it is not proven: data deleted by hand in the store looks the same. ';

function sharedTitle(view: ClusterView, evidence: TargetEvidence): string {
  const { target } = evidence.current.place;
  if ((signalCount(view, evidence, 'live_foreign_write') ?? 0) > 0)
    return `Another cluster writes to backup target ${target}`;
  return evidence.deletedImports > 0 && evidence.notFound.length === 0
    ? `Backups of target ${target} were lost, and the cause is still there`
    : `Backups of target ${target} are being lost`;
}

/** What is lost here, as far as it could be seen. Another cluster may have lost what this one cannot see. */
function stateOfLosses(view: ClusterView, evidence: TargetEvidence): string {
  const { deletedImports, notFound, degraded } = evidence;
  const dangling = signalCount(view, evidence, 'dangling');
  const lost = notFound.length + degraded.length + (dangling ?? 0);
  const likely = isPeerProven(evidence) ? '' : LIKELY_PEER;
  const said = [
    deletedImports > 0
      ? `${deletedImports} VMBackups that failed were deleted; the next resync brings them back, with their freeze loops, while the target stays as it is.`
      : '',
    lost > 0 ? `${lost} VMBackups of this cluster have no data any more.` : '',
    lost + deletedImports === 0 && dangling !== undefined
      ? 'No loss is seen in this cluster; what the other one lost is not seen from here.'
      : '',
  ];
  return `${likely}${said.filter((text) => text !== '').join(' ')}`.trim();
}

function unavailableFinding(view: ClusterView, { current }: TargetEvidence): Finding {
  const { place, target } = current;
  return {
    id: 'HarvesterBackupTargetUnavailable',
    severity: 'warning',
    title: `Backup target ${place.target} cannot be reached`,
    subject: { target: place.target },
    evidence: [
      {
        label: 'Last read by Longhorn',
        value:
          target.lastSyncedMs === undefined
            ? 'never'
            : `${moment(target.lastSyncedMs)}, ${ago(target.lastSyncedMs, view.nowMs)}`,
      },
    ],
    explanation: 'Longhorn cannot reach it: backups fail, deletions hang, and Harvester suspends schedules.',
    remedy: {
      text: 'Read why, then check the network, the credentials and the certificate of the store.',
      commands: [showBackupTarget(view, target.name)],
    },
    runbook: runbookOf('HarvesterBackupTargetUnavailable'),
  };
}
