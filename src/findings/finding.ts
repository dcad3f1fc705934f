import { runbookUrl } from './runbook-url.ts';

/** The worst first: act now, act today, good to know. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What a finding is about; absent parts do not apply. */
export interface Subject {
  readonly namespace?: string;
  readonly vm?: string;
  readonly vmbackups?: readonly string[];
  readonly schedule?: string;
  readonly node?: string;
  /** The place backups are written to, without credentials. */
  readonly target?: string;
  readonly source?: string;
  /** Names of the clusters a comparison found it in. */
  readonly clusters?: readonly string[];
}

/** One observed fact, for people. */
export interface Evidence {
  readonly label: string;
  readonly value: string;
}

/** The recent course of a number, oldest first. */
export interface Trend {
  /** What is counted: "Freeze calls". */
  readonly label: string;
  /** How long one point counts for. */
  readonly stepMs: number;
  readonly points: readonly number[];
}

export interface Remedy {
  readonly text: string;
  /** Lines to paste into a shell. Names from the cluster are quoted. */
  readonly commands: readonly string[];
}

/** Something that is wrong, with its evidence and its remedy. No field holds a secret or an error's text. */
export interface Finding {
  /** The alert of the same meaning; in kebab case where there is none. One id has one severity. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  readonly subject: Subject;
  readonly evidence: readonly Evidence[];
  readonly trend?: Trend;
  /** The cause, in one or two sentences. */
  readonly explanation: string;
  readonly remedy: Remedy;
  /** A URL. */
  readonly runbook: string;
}

/** Where the page of an alert is; the rules link to the same. */
export const runbookOf = (alert: string): string => runbookUrl(alert);

/** The worst first; equals keep their order. */
export const worstFirst = (a: Finding, b: Finding): number =>
  SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
