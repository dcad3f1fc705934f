import { between, randomNumbers } from './random.ts';
import { virtHandlerSeries, type Source } from './scrape.ts';
import { MEBIBYTE, type Trace } from './trace.ts';
import { virtHandlerHistory, type LeakKind, type Usage } from './virt-handler.ts';
import { vmSeries, type Vm } from './vm.ts';

export const EVERY_SOURCE: readonly Source[] = ['cadvisor', 'process', 'exporter', 'kube-state-metrics'];

/** A trace of one node; everything has a default, so that a trace says only what is special about it. */
export interface NodeStory {
  readonly name: string;
  readonly minutes: number;
  readonly limitMebibytes?: number;
  readonly leak?: LeakKind;
  readonly sources?: readonly Source[];
  readonly vms?: readonly Omit<Vm, 'node'>[];
  readonly ownMebibytes?: (minute: number, age: number) => number;
  readonly ownGoroutines?: (minute: number, age: number) => number;
  /** Goroutines and memory move a little, evenly distributed. */
  readonly noiseMebibytes?: number;
  readonly lostClients?: (minute: number) => number;
  readonly leakedMebibytes?: (minute: number) => number;
  readonly plannedRestarts?: readonly number[];
  readonly gap?: (minute: number) => boolean;
  readonly duplicated?: boolean;
  /** The minute a leak begins; healthy without. */
  readonly leakStart?: number;
  /** A leak whose kill lies behind the end of the trace is played that long to know when it comes. */
  readonly playedMinutes?: number;
  readonly node?: string;
  readonly seed?: number;
}

const LIMIT_MEBIBYTES = 1600;

/** Memory of a fresh process: most of it within three minutes. */
export const settled =
  (mebibytes: number) =>
  (_minute: number, age: number): number =>
    mebibytes * (1 - 0.4 * Math.exp(-age / 2));

/** Goroutines of a fresh process. */
const settledGoroutines = (_minute: number, age: number): number => 600 * (1 - 0.6 * Math.exp(-age / 2));

/** Plays one node and what is scraped of it. */
export function nodeTrace(story: NodeStory): Trace {
  const { name, minutes, node = 'node-1', leak = 'none', leakStart } = story;
  const history = virtHandlerHistory(usageOf(story));
  const cut = <T>(values: readonly T[]): readonly T[] => values.slice(0, minutes);
  const seen = {
    memoryBytes: cut(history.memoryBytes),
    goroutines: cut(history.goroutines),
    startMinute: cut(history.startMinute),
    restarts: cut(history.restarts),
    lastOomMinute: cut(history.lastOomMinute),
    oomMinutes: history.oomMinutes,
  };
  const series = [
    ...virtHandlerSeries(seen, {
      pod: `virt-handler-${node}`,
      node,
      leak,
      limitBytes: (story.limitMebibytes ?? LIMIT_MEBIBYTES) * MEBIBYTE,
      sources: story.sources ?? EVERY_SOURCE,
      duplicated: story.duplicated ?? false,
      gap: story.gap ?? ((): boolean => false),
    }),
    ...(story.vms ?? []).flatMap((vm) =>
      vmSeries({ gap: story.gap ?? ((): boolean => false), ...vm, node }, minutes),
    ),
  ];
  return {
    name,
    minutes,
    series,
    leak: leakStart === undefined ? undefined : { startMinute: leakStart, oomMinutes: history.oomMinutes },
  };
}

function usageOf(story: NodeStory): Usage {
  const random = randomNumbers(story.seed ?? story.name.length);
  const noise = story.noiseMebibytes ?? 6;
  const own = story.ownMebibytes ?? settled(180);
  const ownGoroutines = story.ownGoroutines ?? settledGoroutines;
  const { vms = [], leakedMebibytes } = story;
  return {
    minutes: story.playedMinutes ?? story.minutes,
    limitBytes: (story.limitMebibytes ?? LIMIT_MEBIBYTES) * MEBIBYTE,
    leak: story.leak ?? 'none',
    calls: (minute) => vms.reduce((sum, vm) => sum + vm.calls(minute), 0),
    lostClients: story.lostClients ?? ((): number => 0),
    leakedBytes: (minute) => (leakedMebibytes?.(minute) ?? 0) * MEBIBYTE,
    ownBytes: (minute, age) => (own(minute, age) + between(random, -noise, noise)) * MEBIBYTE,
    ownGoroutines: (minute, age) => ownGoroutines(minute, age) + between(random, -10, 10),
    plannedRestarts: story.plannedRestarts ?? [],
  };
}

/** Several nodes in one Prometheus; the leak is that of the first. */
export function together(name: string, nodes: readonly Trace[]): Trace {
  const [first] = nodes;
  return {
    name,
    minutes: Math.max(...nodes.map((trace) => trace.minutes)),
    series: nodes.flatMap((trace) => trace.series),
    leak: first?.leak,
  };
}
