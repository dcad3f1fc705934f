import assert from 'node:assert/strict';
import fc from 'fast-check';
import { followPodLog } from '../../src/cluster/pod-log.ts';
import { pump } from '../../src/cluster/source.ts';
import { deliver, type Delivery, type WrittenLine } from './container-log.ts';
import { apiFor, startLocalServer } from './local-server.ts';

const START_MS = Date.parse('2025-02-24T09:00:00Z');

/** Stamps that mostly go on, sometimes stand still, and sometimes go back, by less than a second. */
const log = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: -300, max: 1_500 }),
      isHit: fc.boolean(),
      text: fc.string({ unit: 'binary' }),
    }),
    {
      maxLength: 25,
    },
  )
  .map((lines) => {
    let [ms, newestMs] = [START_MS, START_MS];
    return lines.map(({ stepMs, isHit, text }, index): WrittenLine => {
      ms = Math.max(START_MS, newestMs - 900, ms + stepMs);
      newestMs = Math.max(newestMs, ms);
      const label = isHit ? `nfreeze ${index} ` : '';
      const stamp = new Date(ms).toISOString().replace(/\.?0*Z$/, 'Z');
      return { stamp, text: label + text.replace(/[\n\r]|nfreeze/g, '') };
    });
  });

const deliveries = fc.array(
  fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    pieceBytes: fc.integer({ min: 1, max: 60 }),
    tornAfterBytes: fc.option(fc.nat(400), { nil: undefined }),
    ignoresSinceTime: fc.boolean(),
  }),
  { maxLength: 6 },
);

describe('followPodLog, wherever the connection breaks', () => {
  it('yields every line with the needle exactly once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(log, deliveries, async (lines, plan) => {
        const left = [...plan].sort((one, other) => one.share - other.share);
        const stop = new AbortController();
        let isComplete = false;
        const server = await startLocalServer((request, response) => {
          if (isComplete) {
            stop.abort();
            return;
          }
          const next = left.shift();
          isComplete = next === undefined;
          deliver(lines, request, response, next === undefined ? {} : deliveryOf(next, lines.length));
        });
        const hits: string[] = [];
        let gaps = 0;
        const options = {
          namespace: 'n',
          pod: 'p',
          container: 'c',
          since: new Date(START_MS),
          needle: 'nfreeze',
        };
        await pump(
          followPodLog(apiFor(server), options, { onGap: () => (gaps += 1) }),
          ({ text }) => hits.push(text),
          {
            signal: stop.signal,
            onError: () => undefined,
            timing: { firstWaitMs: 0, longestWaitMs: 0 },
          },
        );
        await server.close();
        assert.deepEqual(
          hits,
          lines.map(({ text }) => text).filter((text) => text.includes('nfreeze')),
        );
        assert.equal(gaps, 0);
      }),
      { numRuns: 60 },
    );
  });
});

interface Plan extends Omit<Delivery, 'lines' | 'tornAfterBytes'> {
  readonly share: number;
  readonly tornAfterBytes: number | undefined;
}

const deliveryOf = ({ share, tornAfterBytes, ...plan }: Plan, total: number): Delivery => ({
  ...plan,
  lines: Math.floor(share * total),
  ...(tornAfterBytes === undefined ? {} : { tornAfterBytes }),
});
