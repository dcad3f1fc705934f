import type { Board } from '../dashboard-json.ts';
import { backupAges } from './backup-ages.ts';
import { backupProblems } from './backup-problems.ts';
import { backupSchedules } from './backup-schedules.ts';

/** What can be restored, what cannot, and what is about to stop. */
export const backups = (): Board => ({
  name: 'backups',
  title: 'Backups',
  description:
    'Which VMBackups are broken, how old the newest good backup of each VM is, and which schedules stop.',
  variables: [
    {
      name: 'namespace',
      label: 'Namespace',
      series: 'harvester_vm_last_backup_timestamp_seconds{cluster=~"$cluster|"}',
    },
    {
      name: 'vm',
      label: 'VM',
      series: 'harvester_vm_last_backup_timestamp_seconds{cluster=~"$cluster|", namespace=~"$namespace"}',
    },
  ],
  rows: [
    { title: 'What is broken?', panels: backupProblems() },
    { title: 'How old is the newest good backup?', panels: backupAges() },
    { title: 'Schedules and Longhorn', panels: backupSchedules() },
  ],
});
