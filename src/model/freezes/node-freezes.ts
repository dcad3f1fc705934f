import { FREEZE_LOOP } from '../thresholds.ts';
import type { ClusterView } from '../view.ts';
import { freezeLoops } from './freeze-loop.ts';

/** Calls an hour of all freeze loops of a node; undefined where all loops are known only by their writes. */
export function loopRateOf(view: ClusterView, node: string): number | undefined {
  const rates = freezeLoops(view).flatMap((loop) =>
    loop.node === node && loop.callsPerHour !== undefined ? [loop.callsPerHour] : [],
  );
  return rates.length === 0 ? undefined : rates.reduce((total, rate) => total + rate, 0);
}

/** What is known of the freezes of a node's VMs: loops, single calls, no call in an hour or more of log, or nothing. */
export type FreezesSeen = 'loop' | 'some' | 'none' | 'unknown';

export function freezesSeenOn(view: ClusterView, node: string): FreezesSeen {
  const { nowMs, countsFreezes, freezesCountedSinceMs = nowMs, timing } = view;
  if (freezeLoops(view).some((loop) => loop.node === node)) return 'loop';
  const isFrozen = [...view.vmis].some(
    (vmi) => vmi.node === node && view.freezesOf(vmi.namespace, vmi.name).lastFreezeMs !== undefined,
  );
  if (isFrozen) return 'some';
  const knownMs = nowMs - freezesCountedSinceMs;
  return countsFreezes && knownMs >= FREEZE_LOOP.hourSteps * timing.freezeTrendStepMs ? 'none' : 'unknown';
}
