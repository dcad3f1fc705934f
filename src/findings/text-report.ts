import { bounded, chainOf, type LinkedFinding, roots } from './causes.ts';
import type { Finding, Severity } from './finding.ts';
import type { Report, VerdictStatus } from './report.ts';

interface TextOptions {
  readonly colour: boolean;
  /** Every effect in full, not in a line. */
  readonly verbose?: boolean;
}

const MOST_EFFECTS = 10;
/** Causes of one kind in full. */
const MOST_OF_A_KIND = 5;
const MOST_TITLES = 20;

const BADGES: Readonly<Record<Severity, string>> = {
  critical: 'ACT NOW',
  warning: 'ACT TODAY',
  info: 'TO KNOW',
};
const COLOURS: Readonly<Record<VerdictStatus, number>> = {
  critical: 31,
  warning: 33,
  info: 36,
  ok: 32,
  unknown: 35,
};

/** A report for a terminal. What comes from the cluster cannot send it control characters. */
export function textReport(heading: string, report: Report, options: TextOptions): string {
  const { verdict, findings, checks } = report;
  const notMade = checks.flatMap(({ name, missing }) =>
    missing === undefined ? [] : [`  ${name}: cannot read ${missing}`],
  );
  return [
    painted(`${heading}: ${verdict.text}`, verdict.status, options),
    ...textRoots(findings, options),
    ...(notMade.length === 0 ? [] : ['', 'Not checked, or in part:', ...notMade]),
    ...(findings.length === 0
      ? [
          '',
          'Checked:',
          ...checks.flatMap(({ name, looked }) => (looked === undefined ? [] : [`  ${name} (${looked})`])),
        ]
      : []),
    '',
  ].join('\n');
}

/** Every cause with its effects; of many of one kind, most by their title. */
function textRoots(findings: readonly LinkedFinding[], options: TextOptions): readonly string[] {
  const limit = options.verbose === true ? Infinity : MOST_OF_A_KIND;
  const { whole, titles } = bounded(roots(findings), limit);
  const named = titles.slice(0, MOST_TITLES);
  const rest = titles.length - named.length;
  return [
    ...whole.flatMap((root) => ['', ...textChain(chainOf(root, findings), options)]),
    ...(named.length === 0 ? [] : ['', 'And of the same kinds:']),
    ...named.map((finding) => `  ${line(finding, options)}`),
    ...(rest > 0 ? [`  and ${rest} more: see all with --verbose`] : []),
  ];
}

const line = ({ severity, title }: Finding, options: TextOptions): string =>
  `${painted(BADGES[severity], severity, options)}  ${printable(title)}`;

/** A cause in full, its effects in a line each; with `verbose` in full as well. */
function textChain([root, ...effects]: readonly LinkedFinding[], options: TextOptions): readonly string[] {
  if (root === undefined) return [];
  if (options.verbose === true)
    return [root, ...effects].flatMap((finding, index) => [
      ...(index === 0 ? [] : ['']),
      ...textFinding(finding, options),
    ]);
  const shown = effects.slice(0, MOST_EFFECTS);
  const rest = effects.length - shown.length;
  return [
    ...textFinding(root, options),
    ...(shown.length === 0 ? [] : ['  What it brings about:']),
    ...shown.map((effect) => `    ${line(effect, options)}`),
    ...(rest > 0 ? [`    and ${rest} more: see all with --verbose`] : []),
  ];
}

/** The lines of one finding. */
export function textFinding(finding: Finding, options: TextOptions): readonly string[] {
  const { severity, title, explanation, evidence, remedy, runbook } = finding;
  const width = Math.max(0, ...evidence.map(({ label }) => label.length));
  return [
    `${painted(BADGES[severity], severity, options)}  ${printable(title)}`,
    `  ${printable(explanation)}`,
    ...evidence.map(({ label, value }) => `    ${printable(label).padEnd(width)}  ${printable(value)}`),
    `  ${printable(remedy.text)}`,
    ...remedy.commands.map((command) => `    ${printable(command)}`),
    `  ${runbook}`,
  ];
}

const painted = (text: string, status: VerdictStatus, { colour }: TextOptions): string =>
  colour ? `\u001b[1;${COLOURS[status]}m${printable(text)}\u001b[0m` : printable(text);

const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');
