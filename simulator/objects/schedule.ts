import type { ScheduleSpec } from '../cluster-spec.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';
import { stamp } from '../site.ts';

export interface ScheduleState {
  readonly uid: string;
  readonly createdAt: string;
  readonly failure: number;
  /** The reason of condition BackupSuspend; undefined while the schedule is active. */
  readonly suspended: { readonly reason: string; readonly message: string } | undefined;
  readonly backups: readonly {
    readonly name: string;
    readonly readyToUse: boolean;
    readonly error?: unknown;
  }[];
}

const MINUTE_MS = 60_000;

/** The cron pattern of an interval: hours at a fixed minute, or minutes where a compressed world leaves less than an hour. */
function cronOf(everyMs: number, speed: number): string {
  const minutes = Math.max(1, Math.round(everyMs / speed / MINUTE_MS));
  if (minutes < 60) return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`;
  const hours = Math.round(minutes / 60);
  return hours >= 24 ? '0 2 * * *' : hours === 1 ? '0 * * * *' : `0 */${hours} * * *`;
}

/** A ScheduleVMBackup (Harvester >= 1.4). */
export function schedule(site: Site, spec: ScheduleSpec, state: ScheduleState): KubeObject {
  const { suspended } = state;
  const condition = suspended && {
    type: 'BackupSuspend',
    status: 'True',
    ...suspended,
    [site.release.conditionTime]: stamp(site),
  };
  return {
    apiVersion: 'harvesterhci.io/v1beta1',
    kind: 'ScheduleVMBackup',
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      uid: state.uid,
      creationTimestamp: state.createdAt,
      annotations: { 'harvesterhci.io/svmbackupSkipCronCheck': 'true' },
    },
    spec: {
      cron: cronOf(spec.everyMs, site.clock.speed),
      retain: spec.retain,
      maxFailure: spec.maxFailure,
      suspend: suspended !== undefined,
      vmbackup: {
        source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: spec.vm },
        type: spec.type,
      },
    },
    status: {
      failure: state.failure,
      suspended: suspended !== undefined,
      vmbackupInfo: state.backups,
      ...(condition === undefined ? {} : { conditions: [condition] }),
    },
  };
}
