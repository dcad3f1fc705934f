import type { Board } from '../dashboard-json.ts';
import { overviewAnswers } from './overview-answers.ts';
import { overviewEvidence } from './overview-evidence.ts';
import { overviewTrust } from './overview-trust.ts';

/** The page to leave open: can I trust it, what needs me, and why. */
export const overview = (): Board => ({
  name: 'overview',
  title: 'Overview',
  description:
    'Is anything frozen, filling or unrecoverable in this Harvester cluster, and can that be trusted?',
  variables: [],
  rows: [
    { title: 'Can I trust this?', panels: overviewTrust() },
    { title: 'What needs me?', panels: overviewAnswers() },
    { title: 'Why?', panels: overviewEvidence() },
  ],
});
