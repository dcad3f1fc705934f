import type { Shard } from '../model/shard.ts';
import type { Family } from './family.ts';
import { safetyUnfreezes, unfreezeFailures } from './vmi.ts';

/** Read from launcher logs, which shards divide among them. */
const OF_EVERY_SHARD: readonly Pick<Family, 'name'>[] = [safetyUnfreezes, unfreezeFailures];

/**
 * The families one shard serves: the first serves all; the others only what they alone know and what they tell of
 * themselves. So the series of all shards together are those of one exporter, each once.
 */
export function familiesOfShard(families: readonly Family[], { index }: Shard): readonly Family[] {
  if (index === 1) return families;
  const own = new Set(OF_EVERY_SHARD.map(({ name }) => name));
  return families.filter(({ name }) => own.has(name) || name.startsWith('freezewatch_'));
}
