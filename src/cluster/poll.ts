import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Identity } from '../model/change.ts';
import type { Resource } from '../model/resource.ts';
import type { Api } from './api.ts';
import type { Source } from './source.ts';
import { list, type WatchOptions } from './watch.ts';

/** One read of something that cannot be watched, again and again. */
export const polled = <T>(read: Source<T>, everyMs: number): Source<T> =>
  async function* (signal) {
    for (;;) {
      yield* read(signal);
      await sleep(everyMs, undefined, { signal });
    }
  };

/** One kind as a source of complete lists, for what has no watch. */
export const poll = <T extends Identity>(
  api: Api,
  resource: Resource<T>,
  { everyMs, ...options }: WatchOptions & { readonly everyMs: number },
): Source<Change<T>> => polled(list(api, resource, options), everyMs);
