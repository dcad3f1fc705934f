import { nodeTrace, settled, together, type NodeStory } from './node-trace.ts';
import { between, randomNumbers } from './random.ts';
import type { Source } from './scrape.ts';
import { DAY, HOUR, type Trace } from './trace.ts';

const MEMORY_ALONE: readonly Source[] = ['cadvisor', 'kube-state-metrics'];

const wave =
  (middle: number, swing: number, period: number) =>
  (minute: number, age: number): number =>
    settled(middle)(minute, age) + swing * Math.sin((2 * Math.PI * (minute - period / 4)) / period);

const steps =
  (levels: readonly number[], every: number) =>
  (minute: number): number =>
    levels[Math.min(levels.length - 1, Math.floor(minute / every))] ?? 0;

/** A start that takes its time: to `level`, most of it within `minutes`. */
const ramp =
  (level: number, minutes: number) =>
  (_minute: number, age: number): number =>
    100 + (level - 100) * (1 - Math.exp((-2.5 * age) / minutes));

const straightRamp =
  (level: number, minutes: number) =>
  (_minute: number, age: number): number =>
    100 + (level - 100) * Math.min(1, age / minutes);

/** A backup of a VM: one call per volume within a few minutes. */
const backupEvery =
  (every: number, volumes: number, lasting = 1, at = 5) =>
  (minute: number): number =>
    (minute - at) % every >= 0 && (minute - at) % every < lasting ? volumes / lasting : 0;

const vm = (name: string, calls: (minute: number) => number) => ({ namespace: 'prod', vm: name, calls });

const memoryStory = (story: NodeStory): Trace[] => [
  nodeTrace({ ...story, sources: MEMORY_ALONE }),
  nodeTrace({ ...story, name: `${story.name}, with goroutines` }),
];

/** What a sound cluster does and what naive rules take for a leak. */
export const healthyTraces = (): readonly Trace[] => [
  nodeTrace({ sources: MEMORY_ALONE, name: 'plateau', minutes: 6 * HOUR }),
  ...memoryStory({
    name: 'one step, 300 to 900 MiB',
    minutes: 6 * HOUR,
    ownMebibytes: steps([300, 900], 3 * HOUR),
  }),
  ...memoryStory({
    name: 'three steps',
    minutes: 9 * HOUR,
    ownMebibytes: steps([300, 500, 700, 850], 2 * HOUR),
  }),
  ...memoryStory({
    name: 'start-up ramp of 30 min',
    minutes: 6 * HOUR,
    ownMebibytes: ramp(800, 30),
    plannedRestarts: [60],
  }),
  nodeTrace({
    sources: MEMORY_ALONE,
    name: 'start-up ramp of 60 min',
    minutes: 6 * HOUR,
    ownMebibytes: ramp(850, 60),
    plannedRestarts: [60],
  }),
  ...memoryStory({
    name: 'straight start-up of 20 min',
    minutes: 6 * HOUR,
    ownMebibytes: straightRamp(700, 20),
    plannedRestarts: [60],
  }),
  nodeTrace({
    sources: MEMORY_ALONE,
    name: 'straight start-up of 45 min',
    minutes: 6 * HOUR,
    ownMebibytes: straightRamp(600, 45),
    plannedRestarts: [60],
  }),
  nodeTrace({ sources: MEMORY_ALONE, name: 'GC ripple', minutes: 6 * HOUR, ownMebibytes: wave(500, 60, 9) }),
  nodeTrace({
    name: 'daily wave, 300 to 700 MiB',
    minutes: 1.5 * DAY,
    ownMebibytes: wave(500, 200, DAY),
    sources: MEMORY_ALONE,
  }),
  nodeTrace({
    name: 'daily wave, 450 to 1050 MiB',
    minutes: 1.5 * DAY,
    ownMebibytes: wave(750, 300, DAY),
    sources: MEMORY_ALONE,
  }),
  nodeTrace({
    name: 'daily wave, with goroutines',
    minutes: 1.5 * DAY,
    ownMebibytes: wave(600, 250, DAY),
    ownGoroutines: wave(900, 150, DAY),
  }),
  nodeTrace({
    sources: MEMORY_ALONE,
    name: 'swell and ebb of 20 min',
    minutes: 6 * HOUR,
    ownMebibytes: wave(600, 150, 20),
  }),
  nodeTrace({
    sources: MEMORY_ALONE,
    name: 'swell and ebb of 40 min',
    minutes: 6 * HOUR,
    ownMebibytes: wave(600, 200, 40),
  }),
  ...memoryStory({ name: 'swell and ebb of 60 min', minutes: 6 * HOUR, ownMebibytes: wave(600, 250, 60) }),
  ...memoryStory({ name: 'swell and ebb of 2 h', minutes: 9 * HOUR, ownMebibytes: wave(600, 250, 120) }),
  nodeTrace({
    sources: MEMORY_ALONE,
    name: 'three benign restarts',
    minutes: 6 * HOUR,
    ownMebibytes: settled(500),
    plannedRestarts: [120, 260, 400],
  }),
  ...memoryStory({
    name: 'two planned restarts at 85 %',
    minutes: 6 * HOUR,
    ownMebibytes: (_minute, age) => 1360 - 400 * Math.exp(-age / 3),
    plannedRestarts: [120, 400],
  }),
  nodeTrace({
    name: 'hourly backups of a VM with 24 volumes',
    minutes: 7 * HOUR,
    leak: 'per_freeze',
    vms: [vm('db', backupEvery(HOUR, 24))],
  }),
  nodeTrace({
    name: 'hourly backups of a VM with 40 volumes, 8 min each',
    minutes: 7 * HOUR,
    leak: 'per_freeze',
    vms: [vm('db', backupEvery(HOUR, 40, 8))],
  }),
  nodeTrace({
    name: 'nightly window, 40 VMs in 2 h',
    minutes: 8 * HOUR,
    leak: 'per_freeze',
    vms: Array.from({ length: 40 }, (_, index) =>
      vm(`vm-${String(index)}`, backupEvery(DAY, 4, 1, 120 + 3 * index)),
    ),
  }),
  nodeTrace({
    name: 'nightly window of hourly schedules, non-leaking version',
    minutes: 7 * HOUR,
    leak: 'none',
    vms: Array.from({ length: 20 }, (_, index) => vm(`vm-${String(index)}`, backupEvery(HOUR, 6, 2, index))),
  }),
  upgrade(),
  nodeTrace({
    name: 'morning start of 60 VMs',
    minutes: 12 * HOUR,
    ownGoroutines: (minute) => 600 + 900 / (1 + Math.exp(-(minute - 8 * HOUR) / 20)),
    ownMebibytes: (minute) => 250 + 350 / (1 + Math.exp(-(minute - 8 * HOUR) / 20)),
  }),
  nodeTrace({
    name: 'drain: 30 VMs move in within 20 min',
    minutes: 6 * HOUR,
    ownGoroutines: (minute) => 600 + 600 * Math.min(1, Math.max(0, (minute - 200) / 20)),
    ownMebibytes: (minute) => 250 + 200 * Math.min(1, Math.max(0, (minute - 200) / 20)),
  }),
  ...randomWaves(6),
  ...randomStarts(6),
];

/** Every node's virt-handler is replaced by a pod of another name, one after the other. */
function upgrade(): Trace {
  const pods = [0, 1, 2].flatMap((node) => {
    const replaced = 200 + 30 * node;
    const lives = (from: number, to: number, suffix: string): Trace =>
      nodeTrace({
        name: '',
        minutes: 6 * HOUR,
        node: `node-${String(node)}-${suffix}`,
        leak: 'per_freeze',
        ownMebibytes: ramp(500, 20),
        gap: (minute) => minute < from || minute >= to,
        plannedRestarts: [from],
      });
    return [lives(0, replaced, 'old'), lives(replaced, 10 * HOUR, 'new')];
  });
  return together('rolling upgrade of three nodes', pods);
}

function randomWaves(count: number): Trace[] {
  const random = randomNumbers(31);
  return Array.from({ length: count }, (_, index) => {
    const middle = between(random, 300, 700);
    const swing = between(random, 40, Math.min(220, middle / 2));
    const period = Math.round(between(random, 15, 150));
    return nodeTrace({
      name: `random swell ${String(index + 1)}: ${middle.toFixed(0)} ± ${swing.toFixed(0)} MiB in ${String(period)} min`,
      minutes: 6 * HOUR,
      sources: MEMORY_ALONE,
      ownMebibytes: wave(middle, swing, period),
      noiseMebibytes: between(random, 2, 25),
      seed: index,
    });
  });
}

function randomStarts(count: number): Trace[] {
  const random = randomNumbers(47);
  return Array.from({ length: count }, (_, index) => {
    const level = between(random, 300, 1000);
    const lasting = Math.round(between(random, 4, 60));
    return nodeTrace({
      name: `random start ${String(index + 1)}: to ${level.toFixed(0)} MiB in ${String(lasting)} min`,
      minutes: 6 * HOUR,
      sources: MEMORY_ALONE,
      ownMebibytes: ramp(level, lasting),
      plannedRestarts: [90],
      noiseMebibytes: between(random, 2, 25),
      seed: index,
    });
  });
}
