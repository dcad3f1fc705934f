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

/** Logs nothing: the view holds all there is to report. */
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * A snapshot of a cluster: every input read once, without a watch. An input that cannot be read is reported among the view's
 * sources. Rejects with ApiError or ConnectionError when the API server gives no access at all.
 */
export async function takeSnapshot({ api, config, signal }: SnapshotOptions): Promise<ClusterView> {
  const nowMs = (): number => Date.now() + api.clockSkewMs();
  const reading = new ClusterReading({ api, config, logger: SILENT, nowMs });
  await reading.once(signal);
  const view = reading.picture.view();
  // A snapshot does not show since when a backup is gone: one that is missing now counts as missing for long.
  const targets = [...view.targetHistory.targets].map(
    ([name, past]) => [name, { ...past, placeSinceMs: 0, availableSinceMs: undefined }] as const,
  );
  return {
    ...view,
    // A snapshot does not show since when a VM is frozen.
    frozenSinceMsOf: () => undefined,
    targetHistory: { ...view.targetHistory, targets: new Map(targets) },
  };
}
