import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { pump } from '../../src/cluster/source.ts';
import { watch } from '../../src/cluster/watch.ts';
import { keyOf, type Change, type Identity } from '../../src/model/change.ts';
import { apiFor, sendJson, sendStatus, startLocalServer } from './local-server.ts';

interface Counter extends Identity {
  readonly value: number;
}
type Fault = 'none' | 'torn' | 'cut' | 'gone' | 'gone-event' | 'refused' | 'twice';
interface Step {
  readonly name: string;
  /** undefined: deleted. */
  readonly value: number | undefined;
}

const steps = fc.array(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), value: fc.option(fc.nat(9), { nil: undefined }) }),
  { maxLength: 12 },
);
const faults = fc.array(
  fc.constantFrom<Fault>('none', 'torn', 'cut', 'gone', 'gone-event', 'refused', 'twice'),
  { maxLength: 8 },
);

/** A server with a history: it shows one step more with each request, and breaks as told. */
class Cluster {
  readonly #steps: readonly Step[];
  readonly #faults: Fault[];
  #shown = 0;

  constructor(history: readonly Step[], breaks: readonly Fault[]) {
    this.#steps = history;
    this.#faults = [...breaks];
  }

  get isCalm(): boolean {
    return this.#faults.length === 0 && this.#shown === this.#steps.length;
  }

  state(shown = this.#shown): Map<string, number> {
    const state = new Map<string, number>();
    for (const { name, value } of this.#steps.slice(0, shown)) {
      if (value === undefined) state.delete(name);
      else state.set(name, value);
    }
    return state;
  }

  answer(url: URL, response: ServerResponse): void {
    const fault = this.#faults.shift() ?? 'none';
    if (fault === 'refused') sendStatus(response, 500, 'InternalError');
    else if (url.searchParams.has('watch'))
      this.#watch(Number(url.searchParams.get('resourceVersion')), fault, response);
    else if (fault === 'gone') sendStatus(response, 410, 'Expired');
    else this.#list(url.searchParams.get('continue') ?? '', response);
  }

  /** Pages of one item; the token says of which moment, and after which name. */
  #list(token: string, response: ServerResponse): void {
    const [moment = String(this.#shown), after = ''] = token === '' ? [] : token.split(':');
    const left = [...this.state(Number(moment))].filter(([name]) => name > after).sort();
    const [first, second] = left;
    const items = first === undefined ? [] : [objectOf(first[0], first[1], Number(moment))];
    const next = first === undefined || second === undefined ? '' : `${moment}:${first[0]}`;
    sendJson(response, { items, metadata: { resourceVersion: moment, continue: next } });
  }

  #watch(from: number, fault: Fault, response: ServerResponse): void {
    if (fault === 'gone') {
      sendStatus(response, 410, 'Expired');
      return;
    }
    this.#shown = Math.min(this.#shown + 2, this.#steps.length);
    const events = this.#steps.slice(from, this.#shown).map((step, index) => eventOf(step, from + index + 1));
    if (fault === 'twice') events.push(...events.slice(-1));
    if (fault === 'gone-event') events.push(`${JSON.stringify({ type: 'ERROR', object: { code: 410 } })}\n`);
    const text = events.join('');
    if (fault === 'torn') response.write(text.slice(0, text.length / 2), () => response.destroy());
    else if (fault === 'cut') response.write(`${text} `, () => response.destroy());
    else response.end(text);
  }
}

const objectOf = (name: string, value: number, version: number): object => ({
  metadata: { name, resourceVersion: String(version) },
  value,
});
const eventOf = ({ name, value }: Step, version: number): string =>
  `${JSON.stringify({
    type: value === undefined ? 'DELETED' : 'MODIFIED',
    object: objectOf(name, value ?? 0, version),
  })}\n`;

/** A consumer: what was not set between sync and synced is gone. */
class Table {
  readonly values = new Map<string, number>();
  #missing = new Set<string>();

  apply(change: Change<Counter>): void {
    if (change.type === 'sync') this.#missing = new Set(this.values.keys());
    else if (change.type === 'synced') for (const key of this.#missing) this.values.delete(key);
    else if (change.type === 'delete') this.values.delete(change.key);
    else {
      this.values.set(keyOf(change.object), change.object.value);
      this.#missing.delete(keyOf(change.object));
    }
  }
}

describe('watch, with any history and any break of the connection', () => {
  it('leads to the state of the server', async () => {
    await fc.assert(
      fc.asyncProperty(steps, faults, async (history, breaks) => {
        const cluster = new Cluster(history, breaks);
        const stop = new AbortController();
        let calmEnds = 0;
        const server = await startLocalServer((request, response) => {
          if (cluster.isCalm) calmEnds += 1;
          // Two requests after the last change: at least one of them was read to its end.
          if (calmEnds > 3) stop.abort();
          else cluster.answer(new URL(request.url ?? '', 'http://server'), response);
        });
        const table = new Table();
        const source = watch(apiFor(server), counters, { onDecodeError: assert.ifError, pageSize: 1 });
        await pump(source, (change) => table.apply(change), {
          signal: stop.signal,
          onError: () => undefined,
          timing: { firstWaitMs: 0, longestWaitMs: 0 },
        });
        await server.close();
        const expected = [...cluster.state()].map(([name, value]) => [`/${name}`, value]);
        assert.deepEqual([...table.values].sort(), expected.sort());
      }),
      { numRuns: 60 },
    );
  });
});

const counters = {
  source: 'counters',
  group: 'example.io',
  version: 'v1',
  plural: 'counters',
  decode: (object: unknown): Counter => {
    const { metadata, value } = object as { metadata: { name: string }; value: number };
    return { namespace: '', name: metadata.name, uid: metadata.name, value };
  },
};
