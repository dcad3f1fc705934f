import { setMaxListeners } from 'node:events';
import { type Api } from '../cluster/api.ts';
import { SourceStatus } from '../cluster/source-status.ts';
import type { PumpTiming } from '../cluster/source.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { type Kind, resources } from '../model/resources.ts';
import { type Timing, TIMING } from '../model/timing.ts';
import type { ClusterView } from '../model/view.ts';
import { ClusterStore } from '../store/cluster-store.ts';
import { liveView } from '../store/live-view.ts';
import { VERSION } from '../version.ts';
import { readClusterUid } from './cluster-uid.ts';
import { readKinds } from './kinds.ts';
import { followLaunchers } from './launcher-logs.ts';
import { Tallies } from './tallies.ts';
import { followVirtApis } from './virt-api-logs.ts';

export interface ExporterOptions {
  readonly api: Api;
  readonly config: Config;
  readonly logger: Logger;
  readonly timing?: Timing;
  /** How long to wait between attempts; the usual waits by default. */
  readonly pumpTiming?: Partial<PumpTiming>;
}

/** Everything that watches one cluster. */
export interface Exporter {
  /** The picture of this moment. */
  readonly view: () => ClusterView;
  /** Sources that were neither listed yet nor are known to be absent or forbidden; without any, it is ready. */
  readonly waitingFor: () => readonly string[];
  /** Reads the cluster until the signal aborts. Rejects only for a bug. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Builds the parts and joins them; opens nothing before `run`. */
export function createExporter({
  api,
  config,
  logger,
  timing = TIMING,
  pumpTiming = {},
}: ExporterOptions): Exporter {
  const { kubevirtNamespace, longhornNamespace, launcherLogs } = config;
  const table = resources({ kubevirt: kubevirtNamespace, longhorn: longhornNamespace });
  const store = new ClusterStore(timing);
  const status = new SourceStatus({ logger, server: api.server });
  const tallies = new Tallies();
  const parts = { api, store, status, tallies, logger, timing, pumpTiming, resources: table };
  const view = (): ClusterView =>
    liveView({
      store,
      resources: table,
      timing,
      kubevirtNamespace,
      businessHours: config.businessHours,
      allowedSharing: config.allowedTargets,
      shard: config.shard,
      sources: () => status.snapshot(),
      exporter: () => ({
        version: VERSION,
        nodeVersion: process.version,
        decodeErrors: tallies.decodeErrors,
        logLines: tallies.logLines,
        logGaps: tallies.logGaps,
        logStreams: virtApis.streams() + launchers.streams(),
        logStreamsSkipped: virtApis.skipped() + launchers.skipped(),
      }),
      nowMs: Date.now,
    });
  const virtApis = followVirtApis(parts);
  const launchers = followLaunchers({ ...parts, mode: launcherLogs, shard: config.shard, view });
  const kinds = (Object.keys(table) as Kind[]).filter(
    (kind) => launcherLogs !== 'off' || kind !== 'virtLaunchers',
  );
  return {
    view,
    waitingFor: () => status.waitingFor,
    run: async (signal) => {
      // Each source listens to it, and there are many.
      setMaxListeners(0, signal);
      await Promise.all([
        readKinds({ ...parts, kinds, signal }),
        readClusterUid({ ...parts, signal }),
        virtApis.run(signal),
        launchers.run(signal),
      ]);
    },
  };
}
