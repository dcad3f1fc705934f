import { type BackupTarget, DEFAULT_TARGET } from '../objects/longhorn.ts';
import type { TargetSetting } from '../objects/setting.ts';
import { type TargetPlace, placeOfSetting } from '../objects/target-place.ts';
import { type ClusterView, perView } from '../view.ts';
import type { BackupLocation, VmBackup } from '../objects/vm-backup.ts';

/** A target Longhorn uses now. */
export interface CurrentTarget {
  readonly place: TargetPlace;
  readonly target: BackupTarget;
  /** Longhorn read the store within the last three polls; without polling: ever. What it mirrors is then the store. */
  readonly fresh: boolean;
}

/** One per place, Harvester's first; targets without a usable URL are left out. */
export const currentTargets: (view: ClusterView) => readonly CurrentTarget[] = perView((view) => {
  const byId = new Map<string, CurrentTarget>();
  for (const target of [...view.backupTargets].sort(harvestersFirst)) {
    const place = currentPlace(view, target);
    // Longhorn refuses two targets on one place, but takes another region for another place.
    if (place === undefined || byId.has(place.targetId)) continue;
    byId.set(place.targetId, { place, target, fresh: isFresh(view, target) });
  }
  return [...byId.values()];
});

const harvestersFirst = (left: BackupTarget, right: BackupTarget): number =>
  Number(isHarvesters(right)) - Number(isHarvesters(left)) || left.name.localeCompare(right.name);

/** Harvester backs VMs up to this target only. */
export const isHarvesters = ({ name }: BackupTarget): boolean => name === DEFAULT_TARGET;

/**
 * Longhorn's URL says where the data goes; the S3 endpoint is only in Harvester's Setting. While Harvester is there but
 * its Setting is not read yet, an S3 target has no place, as it would soon change into another.
 */
function currentPlace(view: ClusterView, target: BackupTarget): TargetPlace | undefined {
  if (!isHarvesters(target) || target.place === undefined) return target.place;
  const named = harvesterSetting(view)?.place;
  if (named?.looseId === target.place.looseId) return named;
  const unread = view.vmBackups.available && !view.targetSettings.available;
  return target.place.scope === 'ambiguous' && unread ? undefined : target.place;
}

const harvesterSetting = (view: ClusterView): TargetSetting | undefined => [...view.targetSettings][0];

function isFresh({ nowMs }: ClusterView, { lastSyncedMs, pollIntervalMs }: BackupTarget): boolean {
  if (lastSyncedMs === undefined) return false;
  return pollIntervalMs === 0 || nowMs - lastSyncedMs <= 3 * pollIntervalMs;
}

/**
 * How long a change must last before it counts: two polls; without polling, as long as an error must last.
 */
export const confirmationMs = ({ timing }: ClusterView, { pollIntervalMs }: BackupTarget): number =>
  pollIntervalMs === 0 ? timing.errorConfirmedAfterMs : 2 * pollIntervalMs;

/**
 * Whether Harvester's Setting names another place than Longhorn uses; undefined while one of them names no place. It
 * is normal for a moment after a change.
 */
export function settingDiffers(view: ClusterView): boolean | undefined {
  const named = harvesterSetting(view)?.place;
  const used = [...view.backupTargets].find(isHarvesters)?.place;
  return named === undefined || used === undefined ? undefined : named.looseId !== used.looseId;
}

/** Harvester's target; undefined while none is set. */
export const harvesterTarget: (view: ClusterView) => CurrentTarget | undefined = perView((view) =>
  currentTargets(view).find(({ target }) => isHarvesters(target)),
);

/** Whether a VMBackup was written to Harvester's current target. */
export function isAtCurrentTarget(view: ClusterView, { type, location }: VmBackup): boolean {
  return type === 'backup' && location !== undefined && locations(view)(location);
}

/** Whether a location that a VMBackup noted is Harvester's current target. */
export const isCurrentLocation = (view: ClusterView, location: BackupLocation): boolean =>
  locations(view)(location);

/** Thousands of VMBackups note the same few locations. */
const locations: (view: ClusterView) => (location: BackupLocation) => boolean = perView((view) => {
  const known = new Map<string, boolean>();
  return (location) => {
    const key = `${location.endpoint}|${location.bucket}`;
    const answer = known.get(key) ?? isAt(view, location);
    known.set(key, answer);
    return answer;
  };
});

function isAt(view: ClusterView, { endpoint, bucket }: BackupLocation): boolean {
  const place = harvesterTarget(view)?.place;
  const setting = harvesterSetting(view);
  const noted = placeOfSetting({
    type: bucket === '' ? 'nfs' : 's3',
    endpoint,
    bucketName: bucket,
    // A VMBackup does not note these two, so places are compared without them.
    bucketRegion: setting?.bucketRegion ?? '',
    virtualHostedStyle: setting?.virtualHostedStyle ?? false,
  });
  if (place === undefined || noted === undefined) return false;
  return place.scope === 'ambiguous' ? noted.looseId === place.looseId : noted.targetId === place.targetId;
}
