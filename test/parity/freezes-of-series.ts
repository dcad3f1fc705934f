import { FREEZE_LOOP } from '../../src/model/thresholds.ts';
import type { FreezeStep } from '../../src/model/view.ts';
import type { VirtualMachineInstance } from '../../src/model/objects/virtual-machine.ts';
import { aVmi, MINUTE_MS, NOW_MS, type ViewOverrides } from '../builders.ts';
import { type Course, grewAtMinute, sinceMinute, valueAt } from './courses.ts';

const CALLS = 'harvester_vmi_freeze_requests_total';
const QUIET: FreezeStep = { reached: 0, succeeded: 0, refused: 0, thawed: 0, firstMs: undefined };

export const msOf = (minute: number): number => NOW_MS + minute * MINUTE_MS;
export const keyOfVm = ({ labels: { namespace = '', vm = '' } }: Course): string => `${namespace}/${vm}`;

/** Calls of every VM by the minute they were made in: what a scrape counts was called in the minute before it. */
export function freezeSteps(courses: readonly Course[]): ReadonlyMap<string, readonly FreezeStep[]> {
  const steps = new Map<string, FreezeStep[]>();
  for (const course of courses.filter(({ name }) => name === CALLS)) {
    const ofVm = steps.get(keyOfVm(course)) ?? [];
    steps.set(keyOfVm(course), ofVm);
    course.values.slice(1).forEach((calls = 0, minute) => {
      ofVm[minute] = withCalls(ofVm[minute] ?? QUIET, course.labels, Number.isNaN(calls) ? 0 : calls, minute);
    });
  }
  return steps;
}

function withCalls(step: FreezeStep, labels: Course['labels'], calls: number, minute: number): FreezeStep {
  const { action, result } = labels;
  if (action === 'unfreeze') return { ...step, thawed: step.thawed + (result === 'success' ? calls : 0) };
  const reached = step.reached + (result === 'rejected' ? 0 : calls);
  return {
    ...step,
    reached,
    succeeded: step.succeeded + (result === 'success' ? calls : 0),
    refused: step.refused + (result === 'success' ? 0 : calls),
    firstMs: reached > 0 ? msOf(minute) : undefined,
  };
}

/** What the logs of virt-api and of the launchers told until a minute. */
export function freezesAt(
  courses: readonly Course[],
  steps: ReadonlyMap<string, readonly FreezeStep[]>,
  minute: number,
): ViewOverrides {
  const calls = courses.filter(({ name }) => name === CALLS);
  const since = calls.flatMap((course) => sinceMinute(course, minute) ?? []);
  const logs = courses.filter(({ name, labels }) => name === SOURCE_UP && labels.source === VIRT_API_LOGS);
  const countsFreezes = since.length > 0 && logs.every((course) => valueAt(course, minute) !== 0);
  const thaws = courses.filter(({ name }) => name === 'harvester_vmi_unfreeze_failures_total');
  const frozen = courses.filter(({ name }) => name === 'harvester_vmi_filesystem_frozen');
  const last = courses.filter(({ name }) => name === 'harvester_vmi_last_freeze_timestamp_seconds');
  const of = (found: readonly Course[], namespace: string, vm: string): Course | undefined =>
    found.find((course) => keyOfVm(course) === `${namespace}/${vm}`);
  return {
    countsFreezes,
    freezesCountedSinceMs: countsFreezes ? msOf(Math.min(...since)) : undefined,
    freezeHistoryOf: (namespace, vm) => historyAt(steps.get(`${namespace}/${vm}`), minute),
    freezesOf: (namespace, vm) => {
      const course = of(last, namespace, vm);
      const seconds = course === undefined ? undefined : valueAt(course, minute);
      return { calls: NO_CALLS, lastFreezeMs: seconds === undefined ? undefined : NOW_MS + seconds * 1_000 };
    },
    frozenSinceMsOf: (namespace, vm) => {
      const course = of(frozen, namespace, vm);
      const first = course === undefined ? undefined : sinceMinute(course, minute, (value) => value === 1);
      return first === undefined ? undefined : msOf(first);
    },
    countsLauncherEvents: thaws.length > 0,
    launcherEventsOf: (namespace, vm) => {
      const course = of(thaws, namespace, vm);
      const failed = course === undefined ? undefined : grewAtMinute(course, minute);
      return {
        safetyUnfreezes: 0,
        unfreezeFailures: 0,
        lastUnfreezeFailureMs: failed === undefined ? undefined : msOf(failed),
      };
    },
  };
}

export const SOURCE_UP = 'freezewatch_source_up';
const VIRT_API_LOGS = 'virt_api_logs';
const NO_RESULTS = { success: 0, rejected: 0, failed: 0 };
const NO_CALLS = { freeze: NO_RESULTS, unfreeze: NO_RESULTS };

/** The running minute has no call yet. */
function historyAt(
  steps: readonly FreezeStep[] | undefined,
  minute: number,
): readonly FreezeStep[] | undefined {
  if (steps === undefined) return undefined;
  const past = steps.slice(Math.max(0, minute - FREEZE_LOOP.historySteps + 1), minute);
  const before = Array.from({ length: FREEZE_LOOP.historySteps - 1 - past.length }, () => QUIET);
  return [...before, ...past, QUIET];
}

/** Metrics that only a VM that runs has. */
const OF_RUNNING_VMS = ['harvester_vmi_info', 'harvester_vmbackup_freezes_guest', CALLS];
const OF_VMIS = [
  ...OF_RUNNING_VMS,
  'harvester_vmi_filesystem_frozen',
  'harvester_vmi_unfreeze_failures_total',
];

/** Every VM that runs at a minute, by whatever metric of it. */
export function vmisAt(courses: readonly Course[], minute: number): readonly VirtualMachineInstance[] {
  const vmis = new Map<string, VirtualMachineInstance>();
  for (const course of courses) {
    if (!OF_VMIS.includes(course.name)) continue;
    const value = valueAt(course, minute);
    if (value === undefined || (course.name === 'harvester_vmbackup_freezes_guest' && value === 0)) continue;
    const { namespace = '', vm = '', node } = course.labels;
    const known =
      vmis.get(keyOfVm(course)) ?? aVmi({ namespace, name: vm, node: '', claims: [`${vm}-disk-0`] });
    const isFrozen = course.name === 'harvester_vmi_filesystem_frozen' && value === 1;
    vmis.set(keyOfVm(course), { ...known, node: node ?? known.node, frozen: known.frozen || isFrozen });
  }
  return [...vmis.values()];
}
