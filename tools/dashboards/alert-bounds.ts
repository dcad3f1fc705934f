import {
  BACKUP_HABITS,
  FREEZE_FORECAST,
  FREEZE_LOOP,
  VIRT_HANDLER_MEMORY,
} from '../../src/model/thresholds.ts';
import { SEVERITY_COLOUR, FINE, type Severity } from './severity-colour.ts';

/** Where an alert begins, as its expression (or that of a rule it records) has it; a test compares each with the rules. */
interface AlertBound {
  readonly alert: string;
  /** The rule whose expression holds the comparison: the alert, or a recording rule it reads. */
  readonly rule: string;
  /** As written there: an operator and numbers joined by `*`. */
  readonly comparison: string;
  readonly severity: Severity;
}

export const ALERT_BOUNDS = {
  freezeLoop: bound(
    'HarvesterVMFreezeLoop',
    `>= ${FREEZE_LOOP.fastCalls}`,
    'critical',
    'vm:vmi_freeze_loop:rate10m',
  ),
  writeLoop: bound(
    'HarvesterVMBackupFreezeLoop',
    `>= ${FREEZE_LOOP.fastCalls}`,
    'critical',
    'vm:vmbackup_freeze_loop:rate10m',
  ),
  freezeExhaustion: bound(
    'HarvesterFreezeLoopWillExhaustVirtHandler',
    `< ${FREEZE_FORECAST.warnsBeforeMs / 3_600_000} * 3600`,
    'warning',
  ),
  exhaustionSoon: bound(
    'HarvesterVirtHandlerMemoryExhaustionSoon',
    `< ${VIRT_HANDLER_MEMORY.soonHours} * 3600`,
    'warning',
  ),
  exhaustionImminent: bound(
    'HarvesterVirtHandlerMemoryExhaustionImminent',
    `< ${VIRT_HANDLER_MEMORY.imminentMinutes} * 60`,
    'critical',
  ),
  memoryHigh: bound('HarvesterVirtHandlerMemoryHigh', `> ${VIRT_HANDLER_MEMORY.highRatio}`, 'critical'),
  sawtooth: bound('HarvesterVirtHandlerMemorySawtooth', `>= ${VIRT_HANDLER_MEMORY.killsPerDay}`, 'critical'),
  targetShared: bound('HarvesterBackupTargetShared', '== 2', 'warning'),
  targetConflict: bound('HarvesterBackupTargetConflict', '== 3', 'critical'),
  targetUnavailable: bound('HarvesterBackupTargetUnavailable', '== 0', 'warning'),
  unverified: bound(
    'HarvesterVMBackupUnverified',
    `> ${BACKUP_HABITS.verifiedForMs / 86_400_000} * 24 * 3600`,
    'info',
  ),
} as const;

function bound(alert: string, comparison: string, severity: Severity, rule = alert): AlertBound {
  return { alert, rule, comparison, severity };
}

/** The number of a bound, in the unit of its metric. */
export const boundValue = ({ comparison }: AlertBound): number =>
  comparison
    .replace(/^\D+/, '')
    .split('*')
    .reduce((product, factor) => product * Number(factor), 1);

export interface ThresholdStep {
  readonly value: number;
  readonly colour: string;
}

/** Colours for a value that is fine while small. Bounds in rising order. */
export const rising = (...bounds: readonly AlertBound[]): readonly ThresholdStep[] => [
  { value: 0, colour: FINE },
  ...bounds.map((each) => ({ value: boundValue(each), colour: SEVERITY_COLOUR[each.severity] })),
];

/** Colours for a value that is fine while large. Bounds in rising order: below the first is worst. */
export const falling = (...bounds: readonly AlertBound[]): readonly ThresholdStep[] => [
  ...bounds.map((each, index) => {
    const below = bounds[index - 1];
    return { value: below === undefined ? 0 : boundValue(below), colour: SEVERITY_COLOUR[each.severity] };
  }),
  ...bounds.slice(-1).map((last) => ({ value: boundValue(last), colour: FINE })),
];

/** Colours for a count that needs action as soon as it is above zero. */
export const anyIs = (severity: Severity): readonly ThresholdStep[] => [
  { value: 0, colour: FINE },
  { value: 1, colour: SEVERITY_COLOUR[severity] },
];

/** One colour for every value. */
export const always = (colour: string): readonly ThresholdStep[] => [{ value: 0, colour }];
