import { subjectOfSource } from '../../findings/checks.ts';
import { bounded, chainOf, type LinkedFinding, roots } from '../../findings/causes.ts';
import type { Report } from '../../findings/report.ts';
import { moment } from '../../findings/wording.ts';
import { findingCard, titleList } from './finding-card.ts';
import { checksSection } from './checks-section.ts';
import { html, type Html } from './html.ts';
import { SCRIPT_ELEMENT } from './script.ts';
import { sourcesSection } from './sources-section.ts';
import { STYLE_ELEMENT } from './style.ts';

/** What the page says beside the report. */
interface PageContext {
  /** Empty: the cluster has no name. */
  readonly clusterName: string;
  readonly version: string;
  readonly telemetryPath: string;
  /** Sources that were not listed yet. */
  readonly waitingFor: readonly string[];
}

/** The whole page. It needs no script and no other file; with the script it refreshes itself in place. */
export function statusPage(report: Report, context: PageContext): string {
  const { verdict, findings } = report;
  const cluster = context.clusterName === '' ? '' : `: cluster ${context.clusterName}`;
  const problems = roots(findings).length;
  const count = problems === 0 ? '' : `(${problems}) `;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>${count}freezewatch${cluster}</title>
        <link rel="icon" href="data:," />
        <noscript><meta http-equiv="refresh" content="30" /></noscript>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <header>
          <h1>freezewatch${cluster}</h1>
          <p id="stale" role="alert"></p>
          <p id="news" class="unseen" role="status"></p>
        </header>
        <main id="main">
          <p id="verdict" class="verdict ${verdict.status}">${verdict.text}</p>
          <p class="muted">
            As of <time datetime="${new Date(report.atMs).toISOString()}">${moment(report.atMs)}</time>.
            ${waiting(context)}
          </p>
          ${findingsSection(findings)} ${checksSection(report.checks)} ${sourcesSection(report)}
        </main>
        ${footer(context)} ${SCRIPT_ELEMENT}
      </body>
    </html> `.toString();
}

const waiting = ({ waitingFor }: PageContext): string =>
  waitingFor.length === 0
    ? ''
    : `Still reading for the first time: ${waitingFor.map(subjectOfSource).join(', ')}.`;

/** Cards of one kind; the others are named. */
const MOST_OF_A_KIND = 20;

/** A card for each cause, with its effects in it. */
function findingsSection(findings: readonly LinkedFinding[]): Html | undefined {
  if (findings.length === 0) return undefined;
  const { whole, titles } = bounded(roots(findings), MOST_OF_A_KIND);
  const cards = whole.map((root) => findingCard(root, chainOf(root, findings).slice(1)));
  return html`<section aria-labelledby="findings">
    <h2 id="findings">What is wrong, the worst first</h2>
    ${cards} ${titleList(titles)}
  </section>`;
}

const footer = ({ version, telemetryPath }: PageContext): Html =>
  html`<footer>
    <nav aria-label="Data">
      <ul>
        <li><a href="${telemetryPath}">Metrics</a></li>
        <li><a href="/readyz">Readiness</a></li>
        <li><a href="/api/findings">This page as JSON</a></li>
        <li>freezewatch ${version}</li>
      </ul>
    </nav>
  </footer>`;
