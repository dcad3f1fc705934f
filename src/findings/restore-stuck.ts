import { type RestoreTrouble, restoreTroubles } from '../model/backups/restore-trouble.ts';
import { groupBy } from '../model/group-by.ts';
import { harvesterTarget } from '../model/targets/current-target.ts';
import type { ClusterView } from '../model/view.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { counted, duration } from './wording.ts';

/** Restores that hang or failed, one finding for each VM. */
export function findStuckRestores(view: ClusterView): readonly Finding[] {
  const byVm = groupBy(restoreTroubles(view), ({ restore, vm }) => `${restore.namespace}/${vm}`);
  return [...byVm].sort().map(([, troubles]) =>
    findingOf(
      view,
      troubles.toSorted((a, b) => a.restore.name.localeCompare(b.restore.name)),
    ),
  );
}

function findingOf(view: ClusterView, troubles: readonly RestoreTrouble[]): Finding {
  const { restore, vm = '' } = troubles[0] ?? {};
  const namespace = restore?.namespace ?? '';
  const name = restore?.name ?? '';
  const away = harvesterTarget(view)?.target.available === false;
  return {
    id: 'HarvesterVMRestoreStuck',
    severity: 'warning',
    title: `${counted(troubles.length, 'restore')} of VM ${namespace}/${vm} ${verbOf(troubles)}`,
    subject: { namespace, vm },
    evidence: troubles.map((trouble) => evidenceOf(view, trouble)),
    explanation: `${away ? 'The backup target is not available: nothing can be read from it. ' : ''}A restore that is not complete blocks every change of the backup target and the deletion of its VMBackup, and Harvester does not end it by itself.`,
    remedy: {
      text: 'Read its condition, and see the PersistentVolumeClaims and volumes it makes. When the cause is mended and it stays, delete the restore, together with the VM it made if that is a new one, and restore again.',
      commands: [
        showConditions(namespace, name),
        commandLine('kubectl', 'get', 'persistentvolumeclaims', '-n', namespace),
        commandLine(
          'kubectl',
          'get',
          'events',
          '-n',
          namespace,
          '--field-selector',
          `involvedObject.name=${name}`,
        ),
      ],
    },
    runbook: runbookOf('HarvesterVMRestoreStuck'),
  };
}

function verbOf(troubles: readonly RestoreTrouble[]): string {
  const one = troubles.length === 1;
  if (troubles.every(({ reason }) => reason === 'error')) return 'failed';
  if (troubles.every(({ reason }) => reason === 'stuck')) return one ? 'hangs' : 'hang';
  return 'hang or failed';
}

function evidenceOf({ nowMs }: ClusterView, { restore, reason, stillSinceMs }: RestoreTrouble): Evidence {
  const { vmBackupNamespace, vmBackup, targetVm, progress, createdMs, waitsForVm } = restore;
  const age = `begun ${duration(nowMs - (createdMs ?? nowMs))} ago`;
  const still = stillSinceMs === undefined ? '' : `, no progress for ${duration(nowMs - stillSinceMs)}`;
  const state =
    reason === 'error'
      ? 'in error'
      : waitsForVm
        ? `its data is there, but VM ${targetVm} does not become ready`
        : `${progress} % done`;
  return {
    label: restore.name,
    value: `of VMBackup ${vmBackupNamespace}/${vmBackup}: ${state}, ${age}${reason === 'error' ? '' : still}`,
  };
}

const showConditions = (namespace: string, name: string): string =>
  commandLine(
    'kubectl',
    'get',
    'virtualmachinerestores.harvesterhci.io',
    '-n',
    namespace,
    name,
    '-o',
    'jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.message}{"\\n"}{end}',
  );
