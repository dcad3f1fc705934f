import type { Shard } from '../model/shard.ts';
import { InvalidValue } from './invalid-value.ts';

const MOST_SHARDS = 1_000;

/** Parses `I/N`, 1 <= I <= N; throws InvalidValue. */
export function parseShard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const total = Number(match?.[2]);
  if (index >= 1 && index <= total && total <= MOST_SHARDS) return { index, total };
  throw new InvalidValue(
    `${JSON.stringify(text)} is not a shard: write I/N with 1 <= I <= N <= ${MOST_SHARDS}, as 2/3`,
  );
}
