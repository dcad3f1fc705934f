import { LONGHORN_BACKUP_STATES, type LonghornBackup } from '../model/objects/longhorn.ts';
import { longhornCoverage } from '../model/backups/longhorn-coverage.ts';
import { DETAILED_LONGHORN_BACKUPS, longhornProblems } from '../model/backups/longhorn-problems.ts';
import { family, seconds } from './family.ts';

const originOf = ({ native }: LonghornBackup): 'native' | 'pulled' => (native ? 'native' : 'pulled');

export const longhornBackups = family({
  name: 'harvester_longhorn_backups',
  type: 'gauge',
  help: 'Longhorn Backups by state; native: made by this cluster, pulled: mirrored from the store.',
  labels: ['state', 'origin'],
  *observe({ longhornBackups: backups }) {
    if (!backups.available) return;
    const counts = new Map<string, number>();
    for (const backup of backups) {
      const key = `${backup.state}/${originOf(backup)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const state of LONGHORN_BACKUP_STATES) {
      for (const origin of ['native', 'pulled'] as const) {
        yield { labels: { state, origin }, value: counts.get(`${state}/${origin}`) ?? 0 };
      }
    }
  },
});

export const longhornBackupProblem = family({
  name: 'harvester_longhorn_backup_problem',
  type: 'gauge',
  help: `Constant 1 for a Longhorn Backup in state Error or Unknown; vm is empty when no VM uses the volume's claim now. At most ${DETAILED_LONGHORN_BACKUPS} have it, the newest first.`,
  labels: ['backup', 'volume', 'namespace', 'vm', 'state'],
  *observe(view) {
    for (const { backup, namespace, vm } of longhornProblems(view)) {
      const { name, volume, state } = backup;
      yield { labels: { backup: name, volume, namespace, vm, state }, value: 1 };
    }
  },
});

export const lastLonghornBackup = family({
  name: 'harvester_vm_last_longhorn_backup_timestamp_seconds',
  type: 'gauge',
  help: 'When the newest Longhorn Backups of all volumes of a VM that no VMBackup owns were complete, as recurring jobs make them: the oldest of the volumes counts. Absent where a volume has none.',
  labels: ['namespace', 'vm'],
  *observe(view) {
    for (const [key, { completedMs }] of longhornCoverage(view)) {
      const [namespace = '', vm = ''] = key.split('/');
      yield { labels: { namespace, vm }, value: seconds(completedMs) };
    }
  },
});
