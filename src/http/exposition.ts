import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Family, Sample } from '../metrics/family.ts';
import type { ClusterView } from '../model/view.ts';

/** The metrics of one exporter as text 0.0.4. */
export interface Exposition {
  readonly contentType: string;
  /** Reads the cluster anew. A family that fails is left out and counted; the rest is served. */
  readonly render: () => Promise<string>;
}

interface ExpositionOptions {
  readonly families: readonly Family[];
  /** Called once per scrape: one scrape is one consistent picture. */
  readonly view: () => ClusterView;
  /** Label `cluster` on every `harvester_*` series; empty: no label. */
  readonly clusterName: string;
  readonly onError: (family: string, error: unknown) => void;
}

/** The binding to prom-client: the only place that knows it. */
export function createExposition({ families, view, clusterName, onError }: ExpositionOptions): Exposition {
  const registry = new Registry();
  let current: ClusterView | undefined;
  const failures = new Map<string, number>();
  for (const family of families) {
    const extra =
      clusterName !== '' && family.name.startsWith('harvester_') ? { cluster: clusterName } : undefined;
    addFamily(registry, family, extra, () => {
      try {
        return current === undefined ? [] : [...family.observe(current)];
      } catch (error) {
        failures.set(family.name, (failures.get(family.name) ?? 0) + 1);
        onError(family.name, error);
        return [];
      }
    });
  }
  // Registered last, so that it measures this very scrape.
  addFamily(registry, scrapeErrors, undefined, () =>
    Array.from(failures, ([family, value]) => ({ labels: { family }, value })),
  );
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  return {
    contentType: registry.contentType,
    render: () => {
      current = view();
      return registry.metrics();
    },
  };
}

/** Gauges of prom-client that promtool calls misnamed: their suffix is that of a counter. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** Documented with the catalogue; it cannot be read off a view. */
export const scrapeErrors = {
  name: 'freezewatch_scrape_errors_total',
  type: 'counter',
  help: 'Metrics that could not be computed and were left out of a scrape.',
  labels: ['family'],
} as const;

function addFamily(
  registry: Registry,
  { name, type, help, labels }: Pick<Family, 'name' | 'type' | 'help' | 'labels'>,
  extra: Readonly<Record<string, string>> | undefined,
  samples: () => readonly Sample<string>[],
): void {
  const labelNames = [...labels, ...Object.keys(extra ?? {})];
  const options = { name, help, labelNames, registers: [registry] };
  if (type === 'counter') {
    new Counter({
      ...options,
      collect() {
        this.reset();
        for (const sample of samples()) this.inc({ ...sample.labels, ...extra }, sample.value);
      },
    });
  } else {
    new Gauge({
      ...options,
      collect() {
        this.reset();
        for (const sample of samples()) this.set({ ...sample.labels, ...extra }, sample.value);
      },
    });
  }
}
