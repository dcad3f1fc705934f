import { FREEZE_LEAK_KIB, FREEZE_LOOP, VIRT_HANDLER_MEMORY } from '../thresholds.ts';
import type { ClusterView } from '../view.ts';
import { leaksPerFreeze } from './kubevirt-version.ts';
import type { VirtHandler } from './virt-handler.ts';

const HOUR_MS = 3_600_000;

/** How long until so many freezes an hour fill the memory limit; undefined where no freeze leaks, or a size is not known. */
export function exhaustedInMs(
  { workingSetBytes, container, leak }: VirtHandler,
  callsPerHour: number,
): number | undefined {
  const limit = container.memoryLimitBytes;
  if (!leaksPerFreeze(leak) || workingSetBytes === undefined || limit === undefined) return undefined;
  if (callsPerHour === 0) return undefined;
  const leakedBytesPerHour = FREEZE_LEAK_KIB[leak] * 1_024 * callsPerHour;
  return (Math.max(0, limit - workingSetBytes) / leakedBytesPerHour) * HOUR_MS;
}

/** So near the limit that the kernel may end it at any moment. */
export const isNearLimit = ({ workingSetBytes, container }: VirtHandler): boolean =>
  workingSetBytes !== undefined &&
  workingSetBytes > VIRT_HANDLER_MEMORY.highRatio * (container.memoryLimitBytes ?? Infinity);

/** Within the hour, as the alert: what is older is history. */
export const isOomKilled = ({ nowMs, timing }: ClusterView, { container }: VirtHandler): boolean =>
  container.oomKilledMs !== undefined &&
  nowMs - container.oomKilledMs < FREEZE_LOOP.hourSteps * timing.freezeTrendStepMs;
