import { Bucket } from './longhorn/bucket.ts';
import { SimulatedWorldCluster } from './cluster.ts';
import type { ClusterSpec, TargetSpec } from './cluster-spec.ts';
import type { Clock } from './clock.ts';
import { Random } from './random.ts';

/** Clusters and the buckets they share, on one clock. */
export interface World {
  readonly clock: Clock;
  readonly clusters: readonly SimulatedWorldCluster[];
  /** The cluster of that name; throws when there is none. */
  cluster(name: string): SimulatedWorldCluster;
  /** The bucket of that name at any endpoint; throws when no cluster uses it. */
  bucket(name: string): Bucket;
}

/** Builds a world; the same specs, seed and virtual clock give the same world. */
export function createWorld(options: {
  readonly clusters: readonly ClusterSpec[];
  readonly clock: Clock;
  readonly seed?: number;
}): World {
  const { clock, seed = 1 } = options;
  const buckets = new Map<string, Bucket>();
  const clusters = options.clusters.map(
    (spec, index) =>
      new SimulatedWorldCluster(spec, {
        clock,
        random: new Random(seed * 1_000 + index),
        bucket: bucketOf(buckets, spec.target),
      }),
  );
  return {
    clock,
    clusters,
    cluster: (name) =>
      found(
        clusters.find((cluster) => cluster.name === name),
        `cluster ${name}`,
      ),
    bucket: (name) => found(buckets.get(name), `bucket ${name}`),
  };
}

function bucketOf(buckets: Map<string, Bucket>, target: TargetSpec | undefined): Bucket | undefined {
  if (target === undefined) return undefined;
  const bucket = buckets.get(target.bucket) ?? new Bucket();
  buckets.set(target.bucket, bucket);
  return bucket;
}

function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new RangeError(`there is no ${what} in this world`);
  return value;
}
