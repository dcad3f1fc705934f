import type { ClusterSpec } from './cluster-spec.ts';
import type { Clock } from './clock.ts';
import type { KubeObjectStore } from './kube-object-store.ts';
import type { Ledger } from './ledger.ts';
import type { PodLogs } from './pod-logs.ts';
import type { Random } from './random.ts';
import type { Release } from './releases.ts';

/** What all the parts of one simulated cluster share. */
export interface Site {
  readonly spec: ClusterSpec;
  readonly release: Release;
  readonly clock: Clock;
  readonly random: Random;
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly ledger: Ledger;
}

/**
 * A moment as controllers write it, in whole simulated seconds: how often a failing VMBackup is written depends on it.
 * In a compressed world such a second is a fraction of one of the stamps, which therefore show milliseconds.
 */
export function stamp({ clock }: Pick<Site, 'clock'>, at: Date = clock.now()): string {
  const secondMs = 1_000 / clock.speed;
  const text = new Date(Math.floor(at.getTime() / secondMs) * secondMs).toISOString();
  return clock.speed > 1 ? text : text.replace(/\.\d+Z$/, 'Z');
}

/** A moment this many simulated milliseconds ago, on the clocks of the stamps. */
export const ago = ({ clock }: Pick<Site, 'clock'>, ms: number): Date =>
  new Date(clock.now().getTime() - ms / clock.speed);

/**
 * The moment that a stamp stands for when the world runs at its own pace from its start on: in a compressed world an
 * hour of stamps would give the name of one minute to many ticks of a schedule.
 */
export function simulatedMoment({ clock }: Pick<Site, 'clock'>, at: Date): Date {
  const sinceStartMs = clock.elapsedMs() + (at.getTime() - clock.now().getTime()) * clock.speed;
  const startMs = clock.now().getTime() - clock.elapsedMs() / clock.speed;
  return new Date(Math.round(startMs + sinceStartMs));
}

/** A Go duration for a setting that a compressed world shortens with everything else: `5m0s`, `5s`, `166ms`. */
export function goDuration({ clock }: Pick<Site, 'clock'>, ms: number): string {
  const scaled = Math.round(ms / clock.speed);
  if (scaled === 0) return '0s';
  if (scaled < 1_000) return `${scaled}ms`;
  const [hours, minutes, seconds] = [
    Math.floor(scaled / 3_600_000),
    Math.floor(scaled / 60_000) % 60,
    (scaled % 60_000) / 1_000,
  ];
  const largest = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : '';
  return `${largest}${seconds}s`;
}
