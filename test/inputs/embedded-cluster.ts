import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { createApi } from '../../src/cluster/api.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter, type Exporter } from '../../src/inputs/exporter.ts';
import { createExposition } from '../../src/http/exposition.ts';
import type { LogFields, Logger } from '../../src/logger.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { familiesOfShard } from '../../src/metrics/shard-families.ts';
import { type Timing, TIMING } from '../../src/model/timing.ts';
import { type ApiServer, startApiServer } from '../../simulator/api-server/server.ts';
import { type InstalledProducts, kindsServed } from '../../simulator/kinds.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { KubeObjectStore } from '../../simulator/kube-object-store.ts';
import { PodLogs } from '../../simulator/pod-logs.ts';

/** Everything Harvester 1.4 brings. */
export const HARVESTER: InstalledProducts = {
  kubevirt: true,
  harvester: { errorColumn: 'date', schedules: true },
  longhorn: { backupTargets: true },
  monitoring: false,
};

/** An embedded API server with an exporter that watches it. */
export interface Watched {
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly server: ApiServer;
  readonly exporter: Exporter;
  readonly logged: readonly string[];
  /** The lines of `/metrics` that begin with `prefix`. */
  readonly series: (prefix: string) => Promise<readonly string[]>;
  /** Waits until `/metrics` has this line. */
  readonly has: (line: string) => Promise<void>;
  /** Waits until no line of `/metrics` begins so. */
  readonly lacks: (prefix: string) => Promise<void>;
  /** Waits until it holds; fails with what was logged. */
  readonly eventually: (holds: () => boolean) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WatchedOptions {
  readonly installed?: InstalledProducts;
  readonly flags?: Readonly<Record<string, string>>;
  readonly objects?: readonly KubeObject[];
  readonly timing?: Partial<Timing>;
  /** Switches faults on before the exporter starts. */
  readonly prepare?: (server: ApiServer) => void;
}

const DEADLINE_MS = 8_000;
const QUICK: Timing = { ...TIMING, virtApiLookMs: 10, launcherLookMs: 10 };
const NAMESPACES = ['kube-system', 'kubevirt', 'harvester-system', 'longhorn-system', 'team-a'];

/** Starts both; the exporter waits milliseconds where it would wait seconds. */
export async function watchedCluster({
  installed = HARVESTER,
  flags = {},
  objects = [],
  timing = {},
  prepare = () => undefined,
}: WatchedOptions = {}): Promise<Watched> {
  const store = new KubeObjectStore({ kinds: kindsServed(installed), now: () => new Date() });
  const logs = new PodLogs({ now: () => new Date() });
  for (const name of NAMESPACES) store.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  for (const object of objects) store.apply(object);
  const server = await startApiServer({ store, logs });
  prepare(server);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeconfig());
  const api = createApi(kubeConfig, { userAgent: 'freezewatch/test' });
  const given = new Map(Object.entries(flags).map(([flag, text]) => [flag, [text]]));
  const config = await loadConfig({ command: 'serve', flags: given, environment: {} });
  const logged: string[] = [];
  const pumpTiming = { firstWaitMs: 10, longestWaitMs: 50, absentWaitMs: 50, forbiddenWaitMs: 50 };
  const logger = recorder(logged);
  const exporter = createExporter({ api, config, logger, timing: { ...QUICK, ...timing }, pumpTiming });
  const exposition = createExposition({
    families: familiesOfShard(catalogue, config.shard),
    view: exporter.view,
    clusterName: config.clusterName,
    onError: (_family, error) => {
      throw error;
    },
  });
  const stop = new AbortController();
  const running = exporter.run(stop.signal);
  const series = async (prefix: string): Promise<readonly string[]> =>
    (await exposition.render()).split('\n').filter((line) => line.startsWith(prefix));
  const until = async (holds: () => Promise<boolean>, failure: () => Promise<string>): Promise<void> => {
    const deadline = performance.now() + DEADLINE_MS;
    while (!(await holds())) {
      if (performance.now() > deadline) assert.fail(await failure());
      await sleep(10);
    }
  };
  return {
    store,
    logs,
    server,
    exporter,
    logged,
    series,
    has: (line) =>
      until(
        async () => (await series(line)).includes(line),
        async () =>
          `${line} is missing; there is:\n${(await series(line.split(/[{ ]/)[0] ?? '')).join('\n')}`,
      ),
    lacks: (prefix) =>
      until(
        async () => (await series(prefix)).length === 0,
        async () => `there still is:\n${(await series(prefix)).join('\n')}`,
      ),
    eventually: (holds) =>
      until(
        () => Promise.resolve(holds()),
        () => Promise.resolve(logged.join('\n')),
      ),
    close: async () => {
      stop.abort();
      await running;
      await server.close();
    },
  };
}

function recorder(lines: string[]): Logger {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { debug: () => undefined, info: write('info'), warn: write('warn'), error: write('error') };
}

export const aPodObject = (
  namespace: string,
  name: string,
  component: string,
  containers: readonly string[],
  annotations: Readonly<Record<string, string>> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { 'kubevirt.io': component }, annotations },
  spec: {
    nodeName: 'node-1',
    containers: containers.map((container) => ({ name: container, image: 'r/x:1.2.2-1' })),
  },
  status: {
    phase: 'Running',
    containerStatuses: containers.map((container) => ({
      name: container,
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: '2025-01-01T00:00:00Z' } },
    })),
  },
});

export const aVmiObject = (namespace: string, name: string): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { namespace, name, uid: `uid-of-${name}` },
  status: { phase: 'Running', nodeName: 'node-1', conditions: [{ type: 'AgentConnected', status: 'True' }] },
});

export const accessLine = (namespace: string, vm: string, action = 'freeze', statusCode = 200): string =>
  `{"component":"virt-api","contentLength":0,"level":"info","method":"PUT","pos":"filter.go:47","proto":"HTTP/1.1","remoteAddress":"10.52.0.0","statusCode":${statusCode},"timestamp":"2025-02-24T09:12:41.515002Z","url":"/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${vm}/${action}","username":"-"}`;

export const safetyLine = (vm: string): string =>
  `{"component":"virt-launcher","level":"warning","msg":"Unfreeze was not called for vmi ${vm} for more then 1s, initiating unfreeze","pos":"manager.go:1656","timestamp":"2025-02-24T09:12:42.513007Z"}`;
