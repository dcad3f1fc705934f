import type { ClusterView } from '../model/view.ts';
import { ClusterReading, type ReadingOptions } from './cluster-reading.ts';

/** Everything that watches one cluster. */
export interface Exporter {
  /** The picture of this moment. */
  readonly view: () => ClusterView;
  /** Sources that still have to be listed (absent and forbidden ones do not); when empty, the exporter is ready. */
  readonly waitingFor: () => readonly string[];
  /** Reads the cluster until the signal aborts. Rejects only for a bug. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** A picture that follows its cluster; opens nothing before `run`. */
export function createExporter(options: ReadingOptions): Exporter {
  const reading = new ClusterReading(options);
  return {
    view: reading.picture.view,
    waitingFor: () => reading.picture.status.waitingFor,
    run: (signal) => reading.follow(signal),
  };
}
