import type { SimulatedWorldCluster } from './cluster.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { ago } from './site.ts';
import type { World } from './world.ts';

/** Something that happens at a moment of a scenario: `act` does it and returns the text for the narrator. */
export interface Scene {
  /** Simulated milliseconds after the start. */
  readonly atMs: number;
  /** One line for those who watch; undefined: it happens in silence. May be computed from what was done. */
  readonly act: (world: World) => string | undefined;
}

/** One story the simulator can tell. */
export interface Scenario {
  readonly name: string;
  readonly summary: string;
  readonly clusters: readonly ClusterSpec[];
  /** Writes the past, and returns what happens then. What happens by itself needs no scene. */
  readonly begin: (world: World) => readonly Scene[];
}

/** Begins a scenario in its world; `narrate` hears each line when it happens. */
export function playScenario(
  { begin }: Scenario,
  world: World,
  narrate: (text: string) => void = () => undefined,
): void {
  for (const { atMs, act } of begin(world)) {
    world.clock.after(atMs, () => {
      const text = act(world);
      if (text !== undefined) narrate(text);
    });
  }
}

/** A scene that is only text. */
export const tell = (atMs: number, text: string): Scene => ({ atMs, act: () => text });

const HOUR_MS = 3_600_000;

/** Gives each schedule of a cluster a past: `count` ready backups, one interval apart. */
export function seedSchedules(cluster: SimulatedWorldCluster, count = 3): void {
  for (const schedule of cluster.harvester?.schedules ?? []) {
    const { namespace, vm, everyMs, firstAfterMs } = schedule.spec;
    for (let index = Math.min(count, schedule.spec.retain); index >= 1; index -= 1) {
      const ageMs = index * everyMs - firstAfterMs + everyMs * 0.2;
      if (ageMs <= 0) continue;
      const at = ago(cluster.site, ageMs);
      cluster.harvester?.seed.readyBackup({
        namespace,
        vm,
        name: schedule.backupName(at),
        ageMs,
        ...schedule.backupMarks(at),
      });
    }
  }
}

export const hours = (count: number): number => count * HOUR_MS;
export const minutes = (count: number): number => count * 60_000;
