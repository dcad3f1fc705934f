import type { ClusterView, SourceReport } from '../model/view.ts';
import { subjectOfSource } from './checks.ts';
import { type Finding, runbookOf } from './finding.ts';
import { ago, listed } from './wording.ts';

/**
 * What cannot be read: the API server, if every source fails, else each failing source with the rule or setting that
 * mends it. Checks that need them are not made meanwhile.
 */
export function findFailingSources(view: ClusterView): readonly Finding[] {
  const down = view.sources
    .filter((source) => isDown(view, source))
    .toSorted((a, b) => a.source.localeCompare(b.source));
  const tried = view.sources.filter(({ up }) => up !== undefined);
  if (tried.length > 1 && down.length === tried.length) return [unreachableFinding(view, down)];
  return down.map((source) => findingOf(view, source));
}

/** A source that worked moments ago is only being opened again, and is not down. */
const isDown = ({ nowMs, timing }: ClusterView, { up, lastSuccessMs }: SourceReport): boolean =>
  up === false && (lastSuccessMs === undefined || nowMs - lastSuccessMs > timing.freezeTrendStepMs);

function unreachableFinding({ nowMs }: ClusterView, down: readonly SourceReport[]): Finding {
  const kinds = [...new Set(down.flatMap(({ errors }) => [...errors.keys()]))].sort();
  const lastMs = Math.max(...down.map(({ lastSuccessMs }) => lastSuccessMs ?? -Infinity));
  const remedies = [...new Set(down.flatMap(({ remedy }) => remedy ?? []))];
  return {
    id: 'FreezewatchApiServerUnreachable',
    severity: 'warning',
    title: 'freezewatch cannot read anything from the API server',
    subject: {},
    evidence: [
      { label: 'Last read', value: ago(Number.isFinite(lastMs) ? lastMs : undefined, nowMs) },
      { label: 'Kinds of error', value: kinds.length === 0 ? 'none counted' : listed(kinds) },
    ],
    explanation: 'Every source fails, so nothing is checked: no news is no good news.',
    remedy: { text: remedies[0] === undefined ? READ_THE_LOG : sentence(remedies[0]), commands: [] },
    runbook: runbookOf('FreezewatchApiServerUnreachable'),
  };
}

const READ_THE_LOG = 'Read the log of freezewatch.';

function findingOf({ nowMs }: ClusterView, { source, lastSuccessMs, errors, remedy }: SourceReport): Finding {
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
    remedy: { text: remedy === undefined ? READ_THE_LOG : sentence(remedy), commands: [] },
    runbook: runbookOf('FreezewatchSourceDown'),
  };
}

/** Launchers that should be followed and are not. */
export function findExhaustedStreams({ exporter }: ClusterView): readonly Finding[] {
  const { logStreams, logStreamsSkipped } = exporter;
  if (logStreamsSkipped === 0) return [];
  return [
    {
      id: 'FreezewatchLogStreamsExhausted',
      severity: 'warning',
      title: 'freezewatch follows fewer logs than it should',
      subject: {},
      evidence: [
        { label: 'Followed', value: String(logStreams) },
        { label: 'Left out', value: String(logStreamsSkipped) },
      ],
      explanation:
        'The limit of concurrent streams is reached: thaws that only their timeout ended go uncounted for some VMs.',
      remedy: {
        text: 'Follow only suspects with --launcher-logs=suspects, or divide the launchers among exporters with --shard.',
        commands: [],
      },
      runbook: runbookOf('FreezewatchLogStreamsExhausted'),
    },
  ];
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
