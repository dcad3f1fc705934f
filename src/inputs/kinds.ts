import type { Api } from '../cluster/api.ts';
import { poll } from '../cluster/poll.ts';
import { pump, type PumpTiming } from '../cluster/source.ts';
import type { SourceStatus } from '../cluster/source-status.ts';
import { watch, type WatchOptions } from '../cluster/watch.ts';
import type { DecodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Change, Identity } from '../model/change.ts';
import type { Resource } from '../model/resource.ts';
import type { Kind, Resources } from '../model/resources.ts';
import type { Timing } from '../model/timing.ts';
import type { ClusterStore } from '../store/cluster-store.ts';
import { add, type Tallies } from './tallies.ts';

/** metrics.k8s.io serves lists, and no watch. */
const POLLED: ReadonlySet<Kind> = new Set<Kind>(['virtHandlerMemory']);

export interface KindsOptions {
  readonly api: Api;
  readonly store: ClusterStore;
  readonly resources: Resources;
  readonly status: SourceStatus;
  readonly tallies: Tallies;
  readonly logger: Logger;
  readonly timing: Timing;
  readonly kinds: readonly Kind[];
  readonly signal: AbortSignal;
  readonly pumpTiming: Partial<PumpTiming>;
}

/** The verbs a kind needs of RBAC. */
export const verbsOf = (kind: Kind): readonly string[] => (POLLED.has(kind) ? ['list'] : ['list', 'watch']);

/** Feeds the store from a list and watch of every kind until the signal aborts. Rejects only for a bug. */
export async function readKinds({ kinds, ...options }: KindsOptions): Promise<void> {
  for (const kind of kinds) options.tallies.decodeErrors.set(options.resources[kind].source, 0);
  await Promise.all(kinds.map((kind) => readKind(kind, options)));
}

async function readKind(kind: Kind, options: Omit<KindsOptions, 'kinds'>): Promise<void> {
  const { api, store, resources, status, signal, pumpTiming } = options;
  const resource: Resource = resources[kind];
  const { group, plural, namespace } = resource;
  const place = namespace === undefined ? {} : { namespace };
  const subject = { group, resource: plural, verbs: verbsOf(kind), ...place };
  const report = status.register(resource.source, { subject, isListed: true });
  const watchOptions: WatchOptions = {
    onDecodeError: decodeErrorReport(options),
    onProgress: () => report.succeeded(),
    onListed: () => report.listed(),
  };
  const source = POLLED.has(kind)
    ? poll(api, resource, { ...watchOptions, everyMs: options.timing.memoryPollMs })
    : watch(api, resource, watchOptions);
  const sink = store.sink(kind) as (change: Change<Identity>) => void;
  await pump(source, sink, {
    signal,
    onError: (error) => report.failed(error),
    timing: pumpTiming,
  });
}

/** One line for the first object of a kind that does not decode; the others are counted. */
function decodeErrorReport({
  tallies,
  logger,
}: Pick<KindsOptions, 'tallies' | 'logger'>): WatchOptions['onDecodeError'] {
  return ({ source }: Resource, error: DecodeError, key?: string) => {
    const first = (tallies.decodeErrors.get(source) ?? 0) === 0;
    add(tallies.decodeErrors, source);
    const log = first ? logger.warn : logger.debug;
    log('object skipped, it has not the shape we rely on', { source, object: key, error: error.message });
  };
}
