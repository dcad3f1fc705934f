import type { ClusterView, SourceReport } from '../model/view.ts';
import { subjectOfSource } from './checks.ts';
import { type Finding, runbookOf } from './finding.ts';
import { ago } from './wording.ts';

/** Sources that do not work, each with the rule or setting that cures it. What they feed is not checked meanwhile. */
export function findFailingSources(view: ClusterView): readonly Finding[] {
  return view.sources
    .filter((source) => isDown(view, source))
    .toSorted((a, b) => a.source.localeCompare(b.source))
    .map((source) => findingOf(view, source));
}

/** One that worked moments ago is being opened again. */
const isDown = ({ nowMs, timing }: ClusterView, { up, lastSuccessMs }: SourceReport): boolean =>
  up === false && (lastSuccessMs === undefined || nowMs - lastSuccessMs > timing.freezeTrendStepMs);

function findingOf({ nowMs }: ClusterView, { source, lastSuccessMs, errors, cure }: SourceReport): Finding {
  const kinds = [...errors].map(([kind, count]) => `${kind} (${count})`).join(', ');
  return {
    id: 'FreezewatchSourceDown',
    severity: 'warning',
    title: `freezewatch cannot read ${subjectOfSource(source)}`,
    subject: { source },
    evidence: [
      { label: 'Source', value: source },
      { label: 'Last read', value: ago(lastSuccessMs, nowMs) },
      { label: 'Errors', value: kinds === '' ? 'none counted' : kinds },
    ],
    explanation: 'What depends on it is not checked: no news is no good news.',
    remedy: { text: cure === undefined ? 'Read the log of freezewatch.' : sentence(cure), commands: [] },
    runbook: runbookOf('FreezewatchSourceDown'),
  };
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
