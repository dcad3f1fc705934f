import { DEFAULT_TARGET } from '../objects/longhorn.ts';
import type { TargetPlace } from '../objects/target-place.ts';
import type { ClusterView } from '../view.ts';
import { isHarvesters, settingDiffers } from './current-target.ts';

/** How Longhorn's target `default` contradicts Harvester's Setting. */
export type MisconfigurationReason = 'setting_differs' | 'target_missing' | 'url_empty';

interface TargetMisconfiguration {
  readonly reason: MisconfigurationReason;
  /** What the Setting names. */
  readonly named: TargetPlace;
  /** What Longhorn uses instead, if anything. */
  readonly used: TargetPlace | undefined;
}

/**
 * Harvester's Setting names a target, and Longhorn does not use it; undefined while they agree, while the Setting names
 * none or either is not read, and for a short time after one of them changed: Harvester writes Longhorn's target only
 * when its Setting changes (harvester v1.7.1 pkg/controller/master/setting/backup_target.go).
 */
export function targetMisconfiguration(view: ClusterView): TargetMisconfiguration | undefined {
  const named = [...view.targetSettings][0]?.place;
  if (named === undefined || !view.targetSettings.available || !view.backupTargets.available)
    return undefined;
  if (isChanging(view)) return undefined;
  const target = [...view.backupTargets].find(isHarvesters);
  if (target === undefined) return { reason: 'target_missing', named, used: undefined };
  if (target.place === undefined) return { reason: 'url_empty', named, used: undefined };
  return settingDiffers(view) === true ? { reason: 'setting_differs', named, used: target.place } : undefined;
}

function isChanging({ targetHistory, nowMs, timing }: ClusterView): boolean {
  const { targets, settingChangedMs } = targetHistory;
  const changedMs = Math.max(
    settingChangedMs ?? -Infinity,
    targets.get(DEFAULT_TARGET)?.placeSinceMs ?? -Infinity,
  );
  return nowMs - changedMs <= timing.targetChangeGraceMs;
}
