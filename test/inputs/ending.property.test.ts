import assert from 'node:assert/strict';
import { KubeConfig } from '@kubernetes/client-node';
import fc from 'fast-check';
import { type Api, createApi } from '../../src/cluster/api.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter } from '../../src/inputs/exporter.ts';
import { takeSnapshot } from '../../src/inputs/snapshot.ts';
import type { Logger } from '../../src/logger.ts';
import { type ApiServer, startApiServer } from '../../simulator/api-server/server.ts';
import { kindsServed } from '../../simulator/kinds.ts';
import { KubeObjectStore } from '../../simulator/kube-object-store.ts';
import { PodLogs } from '../../simulator/pod-logs.ts';
import { accessLine, aPodObject, aVmiObject, HARVESTER } from './embedded-cluster.ts';

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
const VIRT_API = { namespace: 'harvester-system', name: 'virt-api-1' };
/** More than the exporter takes until it has read everything. */
const MOST_STEPS = 160;

/** Aborts when the readers take their n-th step: a call, an answer, a chunk of a stream. */
class Countdown {
  readonly stop = new AbortController();
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
    this.step();
  }

  readonly step = (): void => {
    if (this.#left === 0) this.stop.abort();
    this.#left -= 1;
  };

  readonly counted = async <T>(call: () => Promise<T>): Promise<T> => {
    this.step();
    try {
      return await call();
    } finally {
      this.step();
    }
  };

  api(api: Api): Api {
    const { counted, step } = this;
    return {
      server: api.server,
      clockSkewMs: () => api.clockSkewMs(),
      getJson: (path, options) => counted(() => api.getJson(path, options)),
      stream: async (path, options) => eachCounted(await counted(() => api.stream(path, options)), step),
      remove: (path, body, options) => counted(() => api.remove(path, body, options)),
      patch: (path, body, type, options) => counted(() => api.patch(path, body, type, options)),
    };
  }
}

async function* eachCounted(chunks: AsyncIterable<Buffer>, step: () => void): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    step();
    yield chunk;
  }
}

describe('everything that reads a cluster', function () {
  this.timeout(60_000);
  let server: ApiServer;
  const logs = new PodLogs({ now: () => new Date() });

  before(async () => {
    const store = new KubeObjectStore({ kinds: kindsServed(HARVESTER), now: () => new Date() });
    for (const name of ['kube-system', 'harvester-system', 'longhorn-system', 'team-a'])
      store.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    store.apply(aPodObject(VIRT_API.namespace, VIRT_API.name, 'virt-api', ['virt-api']));
    store.apply(
      aPodObject('team-a', 'virt-launcher-web-01-abcde', 'virt-launcher', ['compute'], {
        'kubevirt.io/domain': 'web-01',
      }),
    );
    store.apply(aVmiObject('team-a', 'web-01'));
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    server = await startApiServer({ store, logs });
  });
  after(() => server.close());

  it('ends with its signal, at whichever step that comes', async () => {
    const flags = new Map([['launcher-logs', ['all']]]);
    const config = await loadConfig({ command: 'serve', flags, environment: {} });
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(server.kubeconfig());
    const steps = fc.integer({ min: 0, max: MOST_STEPS });
    await fc.assert(
      fc.asyncProperty(steps, async (count) => {
        const countdown = new Countdown(count);
        const api = countdown.api(createApi(kubeConfig, { userAgent: 'freezewatch/test' }));
        const pumpTiming = { firstWaitMs: 5, longestWaitMs: 10, stableAfterMs: 0, absentWaitMs: 5 };
        const exporter = createExporter({ api, config, logger: SILENT, pumpTiming });
        // What is quiet takes no further step.
        const running = exporter.run(countdown.stop.signal);
        const walking = setInterval(countdown.step, 2);
        await running;
        clearInterval(walking);
      }),
      { numRuns: 40, examples: [[0], [1], [2], [3], [5], [8]] },
    );
  });

  it('ends a snapshot with its signal, at whichever step that comes', async () => {
    const config = await loadConfig({ command: 'diagnose', flags: new Map(), environment: {} });
    const kubeConfig = new KubeConfig();
    kubeConfig.loadFromString(server.kubeconfig());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), async (count) => {
        const countdown = new Countdown(count);
        const { signal } = countdown.stop;
        const api = countdown.api(createApi(kubeConfig, { userAgent: 'freezewatch/test' }));
        try {
          await takeSnapshot({ api, config, signal });
        } catch (error) {
          // A snapshot fails for no other reason here.
          assert.equal(error, signal.reason);
        }
      }),
      { numRuns: 40, examples: [[0], [1], [2], [3], [5], [8]] },
    );
  });
});
