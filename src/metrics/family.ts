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
  /**
   * The shards that serve it. The first knows the whole cluster; every one knows itself and the launcher logs that fell
   * to it.
   */
  readonly shards: 'first' | 'every';
}

type Definition<Label extends string> = Omit<Family<Label>, 'shards'> &
  Partial<Pick<Family<Label>, 'shards'>>;

/** A metric of the first shard, unless it says otherwise. The labels of its samples are the declared ones, at compile time. */
export const family = <const Label extends string>(definition: Definition<Label>): Family<Label> => ({
  shards: 'first',
  ...definition,
});

/** Milliseconds as the seconds every metric is in. */
export const seconds = (ms: number): number => ms / 1_000;

/** Observes one sample of each subject that has the value. */
export const ofEach = <Subject, Label extends string>(
  subjects: (view: ClusterView) => Iterable<Subject>,
  labelsOf: (subject: Subject) => Readonly<Record<Label, string>>,
  valueOf: (subject: Subject) => number | undefined,
): Family<Label>['observe'] =>
  function* (view) {
    for (const subject of subjects(view)) {
      const value = valueOf(subject);
      if (value !== undefined) yield { labels: labelsOf(subject), value };
    }
  };

/** Milliseconds, if any, as seconds. */
export const secondsIfAny = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : seconds(ms);
