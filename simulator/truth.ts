import type { SimulatedWorldCluster } from './cluster.ts';
import type { StoredObject } from './kube-object.ts';
import type { DeedCount } from './ledger.ts';
import { LONGHORN_BACKUPS, VM_BACKUPS } from './objects/keys.ts';
import type { VmBackup } from './objects/vm-backup.ts';
import { vmBackupOf } from './objects/vm-backup.ts';
import type { LeakClass } from './releases.ts';
import { sameTarget } from './harvester/vm-backup-source.ts';

export type TrueState = 'deleting' | 'error' | 'degraded' | 'dangling' | 'ready' | 'pending' | 'in_progress';

interface VmBackupTruth {
  readonly namespace: string;
  readonly name: string;
  readonly vm: string;
  readonly type: 'backup' | 'snapshot';
  readonly state: TrueState;
  readonly imported: boolean;
  readonly generation: number;
}

interface VirtHandlerTruth {
  readonly pod: string;
  readonly node: string;
  readonly limitBytes: number;
  readonly workingSetBytes: number;
  readonly restarts: number;
  readonly startedAt: Date;
}

/** What a cluster really did since a moment, and what it is now: exporters are measured against it. */
export interface Truth {
  readonly clusterUid: string;
  readonly leak: LeakClass;
  readonly freezeCalls: readonly DeedCount<'freeze_call'>[];
  readonly realFreezes: readonly DeedCount<'real_freeze'>[];
  readonly safetyUnfreezes: readonly DeedCount<'safety_unfreeze'>[];
  readonly thawFailures: readonly DeedCount<'thaw_failure'>[];
  readonly vmBackupWrites: readonly DeedCount<'vmbackup_write'>[];
  readonly oomKills: readonly DeedCount<'oom_kill'>[];
  /** Longhorn Backups made here whose object was removed because the store had lost them. */
  readonly removedNativeBackups: number;
  readonly vmBackups: readonly VmBackupTruth[];
  readonly frozenVms: readonly { readonly namespace: string; readonly vm: string }[];
  readonly virtHandlers: readonly VirtHandlerTruth[];
}

/** Reads the truth off a cluster: deeds from its ledger, states from the parts themselves. */
export function truth(cluster: SimulatedWorldCluster, since?: Date): Truth {
  const { ledger, release } = cluster.site;
  const removals = ledger.counts('object_only_removal', since).filter(({ native }) => native === 'true');
  return {
    clusterUid: cluster.uid,
    leak: release.leak,
    freezeCalls: ledger.counts('freeze_call', since),
    realFreezes: ledger.counts('real_freeze', since),
    safetyUnfreezes: ledger.counts('safety_unfreeze', since),
    thawFailures: ledger.counts('thaw_failure', since),
    vmBackupWrites: ledger.counts('vmbackup_write', since),
    oomKills: ledger.counts('oom_kill', since),
    removedNativeBackups: removals.reduce((sum, { count }) => sum + count, 0),
    vmBackups: vmBackups(cluster),
    frozenVms: [...cluster.machines.guests.values()]
      .filter(({ frozen }) => frozen)
      .map(({ vm: { namespace, name } }) => ({ namespace, vm: name })),
    virtHandlers: [...cluster.handlers.values()].map((handler) => {
      const { pod, node, limitBytes, restarts } = handler;
      const { workingSetBytes, startedAt } = handler.figures();
      return { pod, node, limitBytes, restarts, workingSetBytes, startedAt };
    }),
  };
}

function vmBackups(cluster: SimulatedWorldCluster): readonly VmBackupTruth[] {
  if (cluster.harvester === undefined) return [];
  return cluster.site.store.list(VM_BACKUPS).flatMap((object) => {
    const backup = vmBackupOf(object);
    if (backup === undefined) return [];
    const { namespace = '', name, generation = 0 } = object.metadata;
    const imported = backup.status.sourceUID === undefined;
    return [
      {
        namespace,
        name,
        vm: backup.spec.source.name,
        type: backup.spec.type,
        state: stateOf(cluster, backup),
        imported,
        generation,
      },
    ];
  });
}

function stateOf(cluster: SimulatedWorldCluster, backup: VmBackup & StoredObject): TrueState {
  const { error, readyToUse, conditions = [], source, volumeBackups = [] } = backup.status;
  if (backup.metadata.deletionTimestamp !== undefined) return 'deleting';
  if (error !== undefined && readyToUse !== true) return 'error';
  if (
    backup.spec.type === 'backup' &&
    conditions.some(({ message }) => message === 'Change back to non-ready')
  )
    return 'degraded';
  if (readyToUse === true) return isDangling(cluster, backup) ? 'dangling' : 'ready';
  return source === undefined || volumeBackups.length === 0 || conditions.length === 0
    ? 'pending'
    : 'in_progress';
}

function isDangling(cluster: SimulatedWorldCluster, backup: VmBackup): boolean {
  const { site, harvester } = cluster;
  if (backup.spec.type === 'snapshot' || harvester === undefined || !sameTarget(site, backup)) return false;
  return (backup.status.volumeBackups ?? []).some(({ longhornBackupName = '' }) => {
    const status = site.store.get(LONGHORN_BACKUPS, site.spec.longhornNamespace, longhornBackupName)?.status;
    return (status as { readonly state?: string } | undefined)?.state !== 'Completed';
  });
}
