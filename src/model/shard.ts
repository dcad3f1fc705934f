import { createHash } from 'node:crypto';

/** One of `total` exporters that divide the launcher logs among them; `index` counts from 1. */
export interface Shard {
  readonly index: number;
  readonly total: number;
}

/** Whether a VMI's launcher is this shard's to follow. Each uid belongs to exactly one shard. */
export function inShard({ index, total }: Shard, vmiUid: string): boolean {
  if (total === 1) return true;
  return createHash('sha256').update(vmiUid).digest().readUInt32BE() % total === index - 1;
}
