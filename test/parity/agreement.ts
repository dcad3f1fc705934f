import { join } from 'node:path';
import type { Finding } from '../../src/findings/finding.ts';
import { projectRoot } from '../../src/project-root.ts';
import { alertTiming } from '../../tools/alert-timing.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { ONE_SIDED } from './explained.ts';

/** What one side says: an alert or the finding of its name, and the VM, where it is about one. */
export interface Said {
  readonly id: string;
  readonly cluster: string;
  /** `namespace/vm`; undefined: of no VM, or of one that it does not name in its labels. */
  readonly vm: string | undefined;
}

/** The findings of each minute, computed when they are asked for. */
export type FindingsAt = (minute: number) => readonly Said[];

/** How long an alert waits before it fires and lasts after its cause, in minutes. */
interface Timing {
  readonly waits: number;
  readonly lingers: number;
}

/** What an evaluation and a window of five minutes take. */
const SLACK_MINUTES = 6;

export const TIMINGS: ReadonlyMap<string, Timing> = new Map(
  rulesOf(readRuleFiles(join(projectRoot(), 'rules')))
    .filter(isAlert)
    .map((rule) => {
      const { waits, lingers } = alertTiming(rule);
      return [rule.alert, { waits: minutesOf(waits), lingers: minutesOf(lingers) }];
    }),
);

/** Minutes of `1h30m`; 0 of nothing. */
export function minutesOf(duration: string | undefined): number {
  const units: Readonly<Record<string, number>> = { s: 1 / 60, m: 1, h: 60, d: 1_440 };
  const parts = Array.from((duration ?? '').matchAll(/(\d+)([smhd])/g));
  return parts.reduce((sum, [, amount, unit = 'm']) => sum + Number(amount) * (units[unit] ?? 0), 0);
}

const timingOf = (id: string): Timing => TIMINGS.get(id) ?? { waits: 0, lingers: 0 };

export const isSame = (left: Said, right: Said): boolean =>
  left.id === right.id &&
  left.cluster === right.cluster &&
  (left.vm === undefined || right.vm === undefined || left.vm === right.vm);

export const saidByFinding = ({ id, subject: { namespace = '', vm } }: Finding, cluster: string): Said => ({
  id,
  cluster,
  vm: vm === undefined ? undefined : `${namespace}/${vm}`,
});

export const saidByAlert = (
  id: string,
  { cluster = '', namespace = '', vm }: Readonly<Record<string, string>>,
): Said => ({ id, cluster, vm: vm === undefined ? undefined : `${namespace}/${vm}` });

/** Whether an alert that fires at a minute has its finding then, or had it while the alert still lasts. */
export function hasFinding(alert: Said, findingsAt: FindingsAt, minute: number): boolean {
  const { lingers } = timingOf(alert.id);
  for (let at = minute; at >= Math.max(0, minute - lingers - SLACK_MINUTES); at -= 1)
    if (findingsAt(at).some((finding) => isSame(finding, alert))) return true;
  return isExplained('alert', alert, findingsAt(minute));
}

/** The findings that have lasted at a minute for so long that their alerts must fire. */
export function dueAt(
  findingsAt: FindingsAt,
  minute: number,
  isAsked: (id: string) => boolean,
): readonly Said[] {
  const asked = findingsAt(minute).filter(({ id }) => isAsked(id));
  return asked.filter((finding) => {
    const minutes = timingOf(finding.id).waits + SLACK_MINUTES;
    if (minute < minutes || !TIMINGS.has(finding.id)) return false;
    const course = Array.from({ length: minutes + 1 }, (_, ago) => findingsAt(minute - ago));
    return (
      course.every((said) => said.some((earlier) => isSame(earlier, finding))) &&
      !isExplained('finding', finding, course.flat())
    );
  });
}

const isExplained = (only: 'alert' | 'finding', said: Said, beside: readonly Said[]): boolean =>
  ONE_SIDED.some(
    (entry) =>
      entry.id === said.id &&
      entry.only === only &&
      (entry.beside === undefined ||
        beside.some(({ id, cluster }) => cluster === said.cluster && entry.beside?.includes(id) === true)),
  );

export const textOf = ({ id, cluster, vm }: Said): string =>
  [id, vm ?? '', cluster].filter((word) => word !== '').join(' ');
