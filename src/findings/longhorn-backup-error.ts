import { judgedBackups } from '../model/backups/backup-state.ts';
import { type LonghornProblem, longhornProblems } from '../model/backups/longhorn-problems.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { counted, duration, listed } from './wording.ts';

/** Longhorn Backups that failed, of VMs whose VMBackups report nothing; one finding for each VM. */
export function findLonghornBackupErrors(view: ClusterView): readonly Finding[] {
  const reported = new Set(
    judgedBackups(view)
      .filter(({ state }) => state === 'error')
      .map(({ backup }) => `${backup.namespace}/${backup.vm}`),
  );
  const lasting = longhornProblems(view).filter(
    ({ backup }) => view.nowMs - (backup.createdMs ?? view.nowMs) >= view.timing.errorConfirmedAfterMs,
  );
  return [...groupBy(lasting, ({ namespace, vm }) => `${namespace}/${vm}`)]
    .filter(([key]) => !reported.has(key))
    .sort()
    .map(([, problems]) => findingOf(view, problems));
}

function findingOf(view: ClusterView, problems: readonly LonghornProblem[]): Finding {
  const [newest] = problems;
  const { namespace = '', vm = '' } = newest ?? {};
  const volumes = [...new Set(problems.map(({ backup }) => backup.volume))];
  const jobs = [...new Set(problems.flatMap(({ backup }) => backup.recurringJob ?? []))].sort();
  const createdMs = newest?.backup.createdMs;
  return {
    id: 'HarvesterLonghornBackupError',
    severity: 'warning',
    title: `${counted(problems.length, 'Longhorn Backup')} of ${vm === '' ? 'volumes of no VM' : `VM ${namespace}/${vm}`} failed`,
    subject: vm === '' ? { namespace } : { namespace, vm },
    evidence: [
      { label: 'Longhorn Backups', value: listed(problems.map(({ backup }) => backup.name)) },
      { label: counted(volumes.length, 'volume'), value: listed(volumes) },
      ...(jobs.length === 0 ? [] : [{ label: 'Made by recurring jobs', value: listed(jobs) }]),
      ...(createdMs === undefined
        ? []
        : [{ label: 'The newest began', value: `${duration(view.nowMs - createdMs)} ago` }]),
    ],
    explanation:
      'No VMBackup reports them: they are those of Longhorn’s own recurring jobs or UI, or were left by a VMBackup that is gone. Longhorn removes a failed one after a day.',
    remedy: {
      text: 'Read why. Errors of the store (credentials, certificate, clock) fail the next VMBackups as well.',
      commands: [showErrors(newest?.backup.namespace ?? 'longhorn-system')],
    },
    runbook: runbookOf('HarvesterLonghornBackupError'),
  };
}

const showErrors = (namespace: string): string =>
  commandLine(
    'kubectl',
    'get',
    'backups.longhorn.io',
    '-n',
    namespace,
    '-o',
    'custom-columns=NAME:.metadata.name,STATE:.status.state,ERROR:.status.error',
  );
