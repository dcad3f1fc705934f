import { nodeTrace, settled, together } from './node-trace.ts';
import { between, randomNumbers } from './random.ts';
import { DAY, HOUR, type Trace } from './trace.ts';

const START = 2 * HOUR;

/** Calls of a loop at an even rate from a minute on. */
const loop =
  (callsPerSecond: number, from = START) =>
  (minute: number): number =>
    minute < from ? 0 : callsPerSecond * 60;

/** One VMBackup in error on Harvester <= 1.4: two calls every two minutes. */
const slowLoop =
  (backups = 1, from = START) =>
  (minute: number): number =>
    minute >= from && minute % 2 === 0 ? 2 * backups : 0;

const vm = (calls: (minute: number) => number) => ({
  namespace: 'prod',
  vm: 'db',
  calls,
  brokenBackups: ['weekly'],
});

/** A sawtooth: memory that fills what is free in `minutes`, without any other sign. */
const teeth = (minutes: number) => ({
  leakedMebibytes: (minute: number) => (minute < START ? 0 : 1420 / minutes),
  leakStart: START,
});

const ripple =
  (mebibytes: number, period: number) =>
  (minute: number, age: number): number =>
    settled(200)(minute, age) + mebibytes * Math.sin((2 * Math.PI * minute) / period);

/** Every way a leak has been seen to show, and some of the ways its signs get lost. */
export const leakTraces = (): readonly Trace[] => [
  ...[0.2, 0.5, 1, 2, 3].map((rate) =>
    nodeTrace({
      name: `loop ${String(rate)}/s, KubeVirt <= 1.3`,
      minutes: START + Math.ceil(Math.min(6 * HOUR, 230 / rate)),
      playedMinutes: 3 * DAY,
      leak: 'per_freeze',
      vms: [vm(loop(rate))],
      leakStart: START,
    }),
  ),
  nodeTrace({
    name: '60 calls an hour, KubeVirt <= 1.3',
    minutes: 6 * HOUR,
    playedMinutes: 14 * DAY,
    leak: 'per_freeze',
    vms: [vm(slowLoop())],
    leakStart: START,
  }),
  nodeTrace({
    name: '60 calls an hour, KubeVirt 1.4-1.6',
    minutes: 6 * HOUR,
    playedMinutes: 60 * DAY,
    leak: 'per_freeze_softened',
    vms: [vm(slowLoop())],
    leakStart: START,
  }),
  ...[0.5, 1, 3].map((rate) =>
    nodeTrace({
      name: `loop ${String(rate)}/s, KubeVirt 1.4-1.6`,
      minutes: 7 * HOUR,
      playedMinutes: 5 * DAY,
      leak: 'per_freeze_softened',
      vms: [vm(loop(rate))],
      leakStart: START,
    }),
  ),
  nodeTrace({
    name: 'ten broken backups, 600 calls an hour',
    minutes: 6 * HOUR,
    playedMinutes: 5 * DAY,
    leak: 'per_freeze',
    vms: [vm(slowLoop(10))],
    leakStart: START,
  }),
  nodeTrace({
    name: 'slow loop, logs not readable',
    minutes: 6 * HOUR,
    playedMinutes: 14 * DAY,
    leak: 'per_freeze',
    vms: [{ ...vm(slowLoop()), logless: true }],
    leakStart: START,
  }),
  nodeTrace({
    name: 'bursts of 10 min at 1/s every 30 min',
    minutes: 8 * HOUR,
    playedMinutes: 2 * DAY,
    leak: 'per_freeze',
    vms: [vm((minute) => (minute >= START && minute % 30 < 10 ? 60 : 0))],
    leakStart: START,
  }),
  nodeTrace({
    name: 'bursts of 3 min at 3/s every hour',
    minutes: 8 * HOUR,
    playedMinutes: 4 * DAY,
    leak: 'per_freeze',
    vms: [vm((minute) => (minute >= START && minute % 60 < 3 ? 180 : 0))],
    leakStart: START,
  }),
  nodeTrace({
    name: 'loop 1/s, scrape gaps',
    minutes: START + 4 * HOUR,
    leak: 'per_freeze',
    vms: [vm(loop(1))],
    gap: (minute) => minute % 47 < 12,
    leakStart: START,
  }),
  nodeTrace({
    name: 'loop 1/s, exporter restarts, two replicas',
    minutes: START + 4 * HOUR,
    leak: 'per_freeze',
    vms: [{ ...vm(loop(1)), exporterRestarts: [150, 152, 200], secondReplica: (minute) => minute % 50 < 4 }],
    duplicated: true,
    leakStart: START,
  }),
  nodeTrace({
    name: 'loop 0.5/s, only the exporter',
    minutes: START + 4 * HOUR,
    playedMinutes: START + 10 * HOUR,
    leak: 'per_freeze',
    sources: ['exporter'],
    vms: [vm(loop(0.5))],
    leakStart: START,
  }),
  nodeTrace({
    name: 'loop 0.5/s, only process metrics',
    minutes: START + 4 * HOUR,
    playedMinutes: START + 10 * HOUR,
    leak: 'per_freeze',
    sources: ['process'],
    vms: [],
    lostClients: (minute) => (minute < START ? 0 : 30),
    leakStart: START,
  }),
  nodeTrace({
    name: '3 clients lost a minute, no freeze',
    minutes: 8 * HOUR,
    playedMinutes: 5 * DAY,
    leak: 'client_race',
    lostClients: (minute) => (minute < START ? 0 : 3),
    leakStart: START,
  }),
  nodeTrace({
    name: '2 MiB/min of clients, process metrics and limit',
    minutes: 6 * HOUR,
    playedMinutes: 3 * DAY,
    leak: 'client_race',
    sources: ['process', 'kube-state-metrics'],
    lostClients: (minute) => (minute < START ? 0 : 19),
    leakStart: START,
  }),
  together('three nodes, a loop on one', [
    nodeTrace({
      name: '',
      minutes: START + 4 * HOUR,
      leak: 'per_freeze',
      vms: [vm(loop(1))],
      leakStart: START,
    }),
    nodeTrace({ name: '', minutes: START + 4 * HOUR, leak: 'per_freeze', node: 'node-2' }),
    nodeTrace({
      name: '',
      minutes: START + 4 * HOUR,
      leak: 'per_freeze',
      node: 'node-3',
      plannedRestarts: [200],
    }),
  ]),
  ...[20, 30, 45, 60, 90, 120, 240, 480, 720].map((minutes) =>
    nodeTrace({
      name: `teeth of ${String(minutes)} min, memory alone`,
      minutes: START + Math.min(Math.ceil(2.3 * minutes), 7 * HOUR),
      playedMinutes: START + 4 * minutes,
      sources: ['cadvisor', 'kube-state-metrics'],
      ...teeth(minutes),
    }),
  ),
  ...[20, 45, 90].map((minutes) =>
    nodeTrace({
      name: `teeth of ${String(minutes)} min, no evidence of a kill`,
      minutes: START + Math.ceil(2.3 * minutes),
      sources: ['cadvisor', 'exporter'],
      leak: 'none',
      ...teeth(minutes),
    }),
  ),
  nodeTrace({
    name: '2.5 MiB/min, GC ripple of 40 MiB',
    minutes: 8 * HOUR,
    playedMinutes: 14 * HOUR,
    sources: ['cadvisor', 'kube-state-metrics'],
    ownMebibytes: ripple(40, 7),
    ...teeth(560),
  }),
  nodeTrace({
    name: '6 MiB/min, GC ripple of 60 MiB',
    minutes: START + 4 * HOUR,
    sources: ['cadvisor', 'kube-state-metrics'],
    ownMebibytes: ripple(60, 11),
    ...teeth(236),
  }),
  nodeTrace({
    name: '3 MiB/min since the start, memory alone',
    minutes: 5 * HOUR,
    playedMinutes: 9 * HOUR,
    sources: ['cadvisor', 'kube-state-metrics'],
    leakedMebibytes: () => 3,
    leakStart: 0,
    plannedRestarts: [0],
  }),
  ...randomLoops(8),
];

/** Loops whose rate, burstiness, version and scrape quality are drawn by lot. */
function randomLoops(count: number): Trace[] {
  const random = randomNumbers(7659);
  return Array.from({ length: count }, (_, index) => {
    const rate = 0.05 * 60 ** random();
    const duty = between(random, 0.4, 1);
    const period = Math.round(between(random, 4, 60));
    const softened = random() < 0.4;
    const gapPeriod = Math.round(between(random, 20, 90));
    const gapLength = Math.round(between(random, 0, 8));
    return nodeTrace({
      name: `random loop ${String(index + 1)}: ${rate.toFixed(2)}/s for ${(duty * period).toFixed(0)} of ${String(period)} min${softened ? ', softened' : ''}`,
      minutes: START + Math.min(5 * HOUR, Math.round(250 / (rate * duty))),
      playedMinutes: 20 * DAY,
      leak: softened ? 'per_freeze_softened' : 'per_freeze',
      vms: [vm((minute) => (minute >= START && minute % period < duty * period ? rate * 60 : 0))],
      gap: (minute) => minute % gapPeriod < gapLength,
      noiseMebibytes: between(random, 2, 30),
      leakStart: START,
      seed: index,
    });
  });
}
