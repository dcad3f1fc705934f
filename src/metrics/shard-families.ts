import type { Shard } from '../model/shard.ts';
import type { Family } from './family.ts';

/**
 * The families one shard serves: the first serves all, the others those of every shard. So the series of all shards
 * together are those of one exporter, each once.
 */
export const familiesOfShard = (families: readonly Family[], { index }: Shard): readonly Family[] =>
  index === 1 ? families : families.filter(({ shards }) => shards === 'every');
