import { SourceStatus } from '../cluster/source-status.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import type { ClusterView } from '../model/view.ts';
import type { Timing } from '../model/timing.ts';
import { ClusterStore } from '../store/cluster-store.ts';
import { liveView } from '../store/live-view.ts';
import { VERSION } from '../version.ts';
import type { FoundNamespaces } from './namespaces.ts';
import { Tallies } from './tallies.ts';

interface PictureOptions {
  readonly config: Config;
  readonly timing: Timing;
  readonly logger: Logger;
  /** Where the facts come from, without credentials: named in messages. */
  readonly server: string;
  /** The clock that ages are measured by. */
  readonly nowMs: () => number;
}

/** How many logs are read now. */
interface StreamCounts {
  readonly open: number;
  /** Wanted, but left out because of the limit. */
  readonly skipped: number;
}

/**
 * What is known of one cluster: the store that inputs write to, the state of the inputs, and the view that metrics and
 * findings are computed from.
 */
export class Picture {
  readonly store: ClusterStore;
  readonly status: SourceStatus;
  readonly tallies = new Tallies();
  /** undefined until they are known. */
  namespaces: FoundNamespaces | undefined;
  streams: () => StreamCounts = () => ({ open: 0, skipped: 0 });
  readonly #options: PictureOptions;

  constructor(options: PictureOptions) {
    const { timing, logger, server, nowMs } = options;
    this.#options = options;
    this.store = new ClusterStore(timing, nowMs);
    this.status = new SourceStatus({ logger, server, now: nowMs });
  }

  /** The picture of this moment. */
  readonly view = (): ClusterView => {
    const { config, timing, nowMs } = this.#options;
    const { decodeErrors, logLines, logGaps } = this.tallies;
    const { open, skipped } = this.streams();
    return liveView({
      store: this.store,
      timing,
      namespaces: this.namespaces,
      businessHours: config.businessHours,
      allowedSharing: config.allowedTargets,
      shard: config.shard,
      sources: () => this.status.snapshot(),
      exporter: () => ({
        version: VERSION,
        nodeVersion: process.version,
        decodeErrors,
        logLines,
        logGaps,
        logStreams: open,
        logStreamsSkipped: skipped,
      }),
      nowMs,
    });
  };
}
