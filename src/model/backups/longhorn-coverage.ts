import { groupBy } from '../group-by.ts';
import type { LonghornBackup } from '../objects/longhorn.ts';
import { type ClusterView, perView } from '../view.ts';
import { volumeByClaim } from './volume-owners.ts';

/** What Longhorn itself backed up of a VM, without any VMBackup: recurring jobs, or people in its UI. */
interface LonghornCoverage {
  /** The oldest of its volumes' newest: the moment since when all of them have one. */
  readonly completedMs: number;
  /** Names of the recurring jobs that made them. */
  readonly jobs: readonly string[];
}

/**
 * The newest Longhorn Backups of all volumes of a VM that no VMBackup owns, by `namespace/vm`. A VM is left out when one of
 * its volumes has no such Backup, or is not Longhorn's.
 */
export const longhornCoverage: (view: ClusterView) => ReadonlyMap<string, LonghornCoverage> = perView(
  (view) => {
    // Without VMBackups it is not known which Longhorn Backups they own.
    if (!view.vmBackups.available) return new Map();
    const newest = newestByVolume(view);
    const coverage = new Map<string, LonghornCoverage>();
    for (const [key, claims] of claimsByVm(view)) {
      const backups = [...claims].map((claim) => {
        const volume = volumeByClaim(view).get(claim);
        return newest.get(volume ?? claim);
      });
      const found = backups.filter((backup) => backup !== undefined);
      if (found.length === 0 || found.length < backups.length) continue;
      coverage.set(key, {
        completedMs: Math.min(...found.map(completedMs)),
        jobs: [...new Set(found.flatMap(({ recurringJob }) => recurringJob ?? []))].sort(),
      });
    }
    return coverage;
  },
);

/** All disks of each VM, by `namespace/vm`: claims as `namespace/claim`. */
function claimsByVm({ virtualMachines, vmis }: ClusterView): ReadonlyMap<string, ReadonlySet<string>> {
  const byVm = groupBy([...virtualMachines, ...vmis], ({ namespace, name }) => `${namespace}/${name}`);
  return new Map(
    [...byVm].map(([key, objects]) => [
      key,
      new Set(objects.flatMap(({ namespace, claims }) => claims.map((claim) => `${namespace}/${claim}`))),
    ]),
  );
}

/** By volume, and for where PersistentVolumes cannot be read, by claim. */
function newestByVolume(view: ClusterView): ReadonlyMap<string, LonghornBackup> {
  const owned = new Set(
    [...view.vmBackups].flatMap(({ volumes }) => volumes.map(({ longhornBackup }) => longhornBackup)),
  );
  const newest = new Map<string, LonghornBackup>();
  for (const backup of view.longhornBackups) {
    if (backup.state !== 'Completed' || backup.objectOnlyRemoval || owned.has(backup.name)) continue;
    for (const key of keysOf(backup)) {
      const known = newest.get(key);
      if (known === undefined || completedMs(backup) > completedMs(known)) newest.set(key, backup);
    }
  }
  return newest;
}

/** Its volume, and the claim it had: names of a pulled one are another cluster's. */
const keysOf = ({ volume, claim, native }: LonghornBackup): readonly string[] =>
  native && claim !== undefined ? [volume, `${claim.namespace}/${claim.name}`] : [volume];

/** A pulled Backup's object is as old as the pull, so that only the time in the store counts for it. */
const completedMs = ({ backupCreatedMs, createdMs, native }: LonghornBackup): number =>
  backupCreatedMs ?? (native ? createdMs : undefined) ?? 0;
