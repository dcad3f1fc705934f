import type { ClusterView } from '../model/view.ts';

export interface Sample<Label extends string> {
  readonly labels: Readonly<Record<Label, string>>;
  readonly value: number;
}

/** One metric: its documentation, and how to read it off the cluster. `observe` is synchronous and has no effects. */
export interface Family<Label extends string = string> {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly labels: readonly Label[];
  readonly observe: (view: ClusterView) => Iterable<Sample<Label>>;
}

/** Returns its argument; it ties the labels of the samples to the declared labels at compile time. */
export const family = <const Label extends string>(definition: Family<Label>): Family<Label> => definition;

/** Milliseconds as the seconds every metric is in. */
export const seconds = (ms: number): number => ms / 1_000;
