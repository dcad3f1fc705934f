import type { Api } from '../cluster/api.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import type { ClusterView } from '../model/view.ts';
import { ClusterReading } from './cluster-reading.ts';

interface SnapshotOptions {
  readonly api: Api;
  readonly config: Config;
  readonly signal: AbortSignal;
}

/** Whatever a log line would say is in the view. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * One look at a cluster: every input read once, without a watch. What cannot be read is reported among the view's
 * sources. Rejects with ApiError or ConnectionError when the API server lets us in nowhere.
 */
export async function takeSnapshot({ api, config, signal }: SnapshotOptions): Promise<ClusterView> {
  const nowMs = (): number => Date.now() + api.clockSkewMs();
  const reading = new ClusterReading({ api, config, logger: SILENT, nowMs });
  await reading.once(signal);
  const view = reading.picture.view();
  // One look does not show since when a backup is gone: what is missing now is taken to be missing for long.
  const targets = [...view.targetHistory.targets].map(
    ([name, past]) => [name, { ...past, placeSinceMs: 0, availableSinceMs: undefined }] as const,
  );
  return {
    ...view,
    // Nor since when a VM is frozen.
    frozenSinceMsOf: () => undefined,
    targetHistory: { ...view.targetHistory, targets: new Map(targets) },
  };
}
