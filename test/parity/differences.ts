import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firingAt } from '../../bench/backtest/promtool.ts';
import { projectRoot } from '../../src/project-root.ts';
import { alertTiming } from '../../tools/alert-timing.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import type { Played } from './played.ts';

/** Causes before symptoms, as Prometheus evaluates nothing in particular. */
const SUBJECTS = ['freeze', 'backup', 'target', 'virt-handler', 'exporter'] as const;
/** What a scrape, an evaluation and a window of five minutes take. */
const SLACK_MINUTES = 6;

/** An alert without its finding, or a finding without its alert: `HarvesterVMFreezeLoop shop/db-01`. */
export interface Differences {
  readonly onlyAlert: readonly string[];
  readonly onlyFinding: readonly string[];
}

/** What rules and findings say differently at one minute of a story. */
export async function differences(
  { trace, findings }: Played,
  minute: number,
  epoch: Date,
): Promise<Differences> {
  const folder = mkdtempSync(join(tmpdir(), 'freezewatch-parity-'));
  try {
    const files = SUBJECTS.map((subject) => {
      const file = join(folder, `${subject}.yaml`);
      const rules = readFileSync(join(projectRoot(), 'rules', `${subject}.yaml`), 'utf8');
      // promtool's time begins at 0, that of the story at its epoch.
      writeFileSync(file, rules.replaceAll('time()', `(time() + ${String(epoch.getTime() / 1_000)})`));
      return file;
    });
    const groupOrder = SUBJECTS.map((subject) => `harvester-${subject}`);
    const firing = new Set((await firingAt({ files, groupOrder }, trace, minute)).map(keyOfAlert));
    return compared(firing, findings, minute);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function compared(firing: ReadonlySet<string>, findings: Played['findings'], minute: number): Differences {
  const perMinute = findings.map((ofMinute) => new Set(ofMinute.map(keyOfFinding)));
  const known = new Map(
    rulesOf(readRuleFiles(join(projectRoot(), 'rules')))
      .filter(isAlert)
      .map((rule) => {
        const { waits, lingers } = alertTiming(rule);
        return [rule.alert, { waits: minutesOf(waits), lingers: minutesOf(lingers) }];
      }),
  );
  const timing = (key: string) => known.get(key.split(' ')[0] ?? '') ?? { waits: 0, lingers: 0 };
  const between = (from: number, to: number) => perMinute.slice(Math.max(0, from), to + 1);
  const onlyAlert = [...firing].filter((key) => {
    const { lingers } = timing(key);
    return !between(minute - lingers - SLACK_MINUTES, minute).some((keys) => keys.has(key));
  });
  const now = perMinute[minute] ?? new Set<string>();
  const onlyFinding = [...now].filter((key) => {
    if (!known.has(key.split(' ')[0] ?? '') || firing.has(key)) return false;
    const since = between(minute - timing(key).waits - SLACK_MINUTES, minute);
    return minute >= timing(key).waits + SLACK_MINUTES && since.every((keys) => keys.has(key));
  });
  return { onlyAlert: onlyAlert.sort(), onlyFinding: onlyFinding.sort() };
}

const minutesOf = (duration: string | undefined): number => {
  const [, amount = '0', unit = 'm'] = /^(\d+)([smhd])$/.exec(duration ?? '') ?? [];
  return (Number(amount) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd']) / 60;
};

/** The alert and the VM, schedule or node it is about, as far as both sides name it. */
const keyOfAlert = ({ alertname = '', namespace = '', vm }: Readonly<Record<string, string>>): string =>
  vm === undefined || ofNamespaces.has(alertname) ? alertname : `${alertname} ${namespace}/${vm}`;

const keyOfFinding = ({
  id,
  subject: { namespace = '', vm, vmbackups },
}: {
  readonly id: string;
  readonly subject: {
    readonly namespace?: string;
    readonly vm?: string;
    readonly vmbackups?: readonly string[];
  };
}): string =>
  vm === undefined || (vmbackups === undefined && ofSchedules.has(id)) || ofNamespaces.has(id)
    ? id
    : `${id} ${namespace}/${vm}`;

/** Findings that name the VMs of a namespace together: each is news about a habit. */
const ofNamespaces: ReadonlySet<string> = new Set([
  'HarvesterVMNeverBackedUp',
  'HarvesterVMBackupUnverified',
]);

/** Alerts of a schedule name the VM in words only. */
const ofSchedules: ReadonlySet<string> = new Set([
  'HarvesterVMBackupScheduleSuspended',
  'HarvesterVMBackupScheduleNearSuspension',
  'HarvesterVMBackupInBusinessHours',
]);
