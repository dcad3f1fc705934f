import type { Finding, Severity } from './finding.ts';
import type { Report, VerdictStatus } from './report.ts';

export interface TextOptions {
  readonly colour: boolean;
}

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
    ...findings.flatMap((finding) => ['', ...textFinding(finding, options)]),
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
