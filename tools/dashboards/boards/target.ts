import type { Board } from '../dashboard-json.ts';
import { targetAnswers } from './target-answers.ts';
import { targetEvidence } from './target-evidence.ts';

/** Who else writes where the backups are. */
export const target = (): Board => ({
  name: 'target',
  title: 'Backup target',
  description: 'Whether another cluster uses the backup target, and what speaks for it.',
  variables: [
    { name: 'target_id', label: 'Target', series: 'harvester_backup_target_info{cluster=~"$cluster|"}' },
  ],
  rows: [
    { title: 'Is it ours alone?', panels: targetAnswers() },
    { title: 'The evidence', panels: targetEvidence() },
  ],
});
