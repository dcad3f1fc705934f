import type { Api } from '../cluster/api.ts';
import { poll } from '../cluster/poll.ts';
import { onlyTransient, pump, type PumpTiming, type TransientError } from '../cluster/source.ts';
import { list, watch, type WatchOptions } from '../cluster/watch.ts';
import type { DecodeError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Change, Identity } from '../model/change.ts';
import type { Resource } from '../model/resource.ts';
import { isPolled, type Kind, type Resources, sourceOf, verbsOf } from '../model/resources.ts';
import type { Timing } from '../model/timing.ts';
import type { Input } from './input.ts';
import type { Picture } from './picture.ts';
import { add } from './tallies.ts';

/** What inputs that ask the API server are built from. */
export interface InputParts {
  readonly api: Api;
  readonly picture: Picture;
  /** The table, with the namespaces as far as they are known. */
  readonly resources: () => Resources;
  readonly logger: Logger;
  readonly timing: Timing;
  /** How long to wait between attempts. */
  readonly pumpTiming: Partial<PumpTiming>;
}

/** A kind as an input. It may have to wait until its namespace is found. */
export interface KindInput extends Input {
  readonly kind: Kind;
  /** The namespace it waits for cannot be found now. */
  readonly blocked: (error: TransientError) => void;
}

/** The objects of one kind: a complete list, then, while it is followed, their changes. */
export function kindInput(kind: Kind, parts: InputParts): KindInput {
  const { api, picture, timing, pumpTiming } = parts;
  const resource = (): Resource => parts.resources()[kind];
  const report = picture.status.register(sourceOf(kind), {
    get access() {
      const { group, plural, namespace } = resource();
      const place = namespace === undefined ? {} : { namespace };
      return { group, resource: plural, verbs: verbsOf(kind), ...place };
    },
    isListed: true,
  });
  picture.tallies.decodeErrors.set(sourceOf(kind), 0);
  const sink = picture.store.sink(kind) as (change: Change<Identity>) => void;
  const options: WatchOptions = {
    onDecodeError: decodeErrorReport(parts),
    onProgress: () => report.succeeded(),
    onListed: () => report.listed(),
  };
  return {
    kind,
    blocked: (error) => report.failed(error),
    once: async (signal) => {
      try {
        for await (const change of list(api, resource(), options)(signal)) sink(change);
      } catch (error) {
        signal.throwIfAborted();
        report.failed(onlyTransient(error));
      }
    },
    follow: (signal) => {
      const changes = isPolled(kind)
        ? poll(api, resource(), { ...options, everyMs: timing.memoryPollMs })
        : watch(api, resource(), options);
      return pump(changes, sink, { signal, onError: (error) => report.failed(error), timing: pumpTiming });
    },
  };
}

/** One line for the first object of a kind that does not decode; the others are counted. */
function decodeErrorReport({
  picture,
  logger,
}: Pick<InputParts, 'picture' | 'logger'>): WatchOptions['onDecodeError'] {
  const { decodeErrors } = picture.tallies;
  return ({ source }: Resource, error: DecodeError, key?: string) => {
    const first = (decodeErrors.get(source) ?? 0) === 0;
    add(decodeErrors, source);
    const log = first ? logger.warn : logger.debug;
    log('object skipped, it has not the shape we rely on', { source, object: key, error: error.message });
  };
}
