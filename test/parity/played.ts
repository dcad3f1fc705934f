import { allFindings } from '../../src/findings/all-findings.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import type { ClusterView } from '../../src/model/view.ts';
import type { Trace } from '../../bench/backtest/trace.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { peerMetrics } from '../../simulator/peer-metrics.ts';
import { playScenario, type Scenario } from '../../simulator/scenario.ts';
import { createWorld } from '../../simulator/world.ts';
import { WatchedStore } from '../scenarios/watched-store.ts';

/** When every story begins. */
export const START = new Date('2025-03-03T00:00:00Z');
const MINUTE_MS = 60_000;

/** What one cluster showed to Prometheus, minute by minute, and to whoever looked at its page. */
export interface Played {
  readonly trace: Trace;
  /** The findings of each minute. */
  readonly findings: readonly (readonly Finding[])[];
}

/** Plays a scenario for some minutes, one look and one scrape of each cluster a minute. */
export function played(scenario: Scenario, minutes: number): readonly Played[] {
  const clock = new VirtualClock(START);
  const world = createWorld({ clusters: scenario.clusters, clock });
  playScenario(scenario, world);
  const recorders = world.clusters.map((cluster) => ({
    cluster,
    watched: new WatchedStore(cluster),
    recorder: new Recorder(),
  }));
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const { cluster, watched, recorder } of recorders)
      recorder.record(minute, watched.view(), peerMetrics(cluster));
    clock.advance(MINUTE_MS);
  }
  return recorders.map(({ cluster, recorder }) =>
    recorder.played(`${scenario.name}/${cluster.name}`, minutes),
  );
}

/** One view that lasts: what objects of a fixed cluster show while nothing happens. */
export function lasting(name: string, viewAt: (minute: number) => ClusterView, minutes: number): Played {
  const recorder = new Recorder();
  for (let minute = 0; minute < minutes; minute += 1) recorder.record(minute, viewAt(minute), '');
  return recorder.played(name, minutes);
}

class Recorder {
  readonly #series = new Map<
    string,
    {
      readonly name: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly values: (number | undefined)[];
    }
  >();
  readonly #findings: (readonly Finding[])[] = [];

  record(minute: number, view: ClusterView, peers: string): void {
    for (const { name, observe } of catalogue)
      for (const { labels, value } of observe(view)) this.#add(minute, name, labels, value);
    for (const line of peers.split('\n')) {
      const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (name === undefined) continue;
      const pairs = Array.from(labels.matchAll(/(\w+)="([^"]*)"/g), ([, key = '', text = '']) => [key, text]);
      this.#add(minute, name, Object.fromEntries(pairs) as Record<string, string>, Number(value));
    }
    this.#findings.push(allFindings(view));
  }

  played(name: string, minutes: number): Played {
    const series = [...this.#series.values()].map(({ values, ...rest }) => ({
      ...rest,
      values: Array.from({ length: minutes }, (_, minute) => values[minute]),
    }));
    return { trace: { name, minutes, series, leak: undefined }, findings: this.#findings };
  }

  #add(minute: number, name: string, labels: Readonly<Record<string, string>>, value: number): void {
    const key = `${name}${JSON.stringify(labels)}`;
    const series = this.#series.get(key) ?? { name, labels, values: [] };
    series.values[minute] = value;
    this.#series.set(key, series);
  }
}
