import { bounded, type LinkedFinding } from '../../findings/causes.ts';
import type { Finding } from '../../findings/finding.ts';
import { html, type Html } from './html.ts';
import { sparkline } from './sparkline.ts';

/** One finding: title, cause, evidence, remedy, and its effects. Findings of severity info are folded. */
export function findingCard(finding: LinkedFinding, effects: readonly LinkedFinding[] = []): Html {
  const { key: id, severity } = finding;
  if (severity !== 'info' || effects.length > 0) {
    return html`<article class="${severity}" id="${id}" aria-labelledby="${id}-title">
      <h3 id="${id}-title">${badge(finding)}${finding.title}</h3>
      ${body(finding, id)} ${effectsOf(id, effects)}
    </article>`;
  }
  return folded(finding);
}

const folded = (finding: LinkedFinding): Html =>
  html`<article class="${finding.severity}" id="${finding.key}" aria-labelledby="${finding.key}-title">
    <details id="${finding.key}-more">
      <summary id="${finding.key}-title">${badge(finding)}${finding.title}</summary>
      ${body(finding, finding.key)}
    </details>
  </article>`;

const effectsOf = (id: string, effects: readonly LinkedFinding[]): Html | undefined =>
  effects.length === 0
    ? undefined
    : html`<section aria-labelledby="${id}-effects">
        <h4 id="${id}-effects">What it brings about</h4>
        ${bounded(effects, MOST_EFFECTS_OF_A_KIND).whole.map(folded)}
        ${titleList(bounded(effects, MOST_EFFECTS_OF_A_KIND).titles)}
      </section>`;

/** Folded effects of one kind; the others are named. */
const MOST_EFFECTS_OF_A_KIND = 10;

/** Names the findings that are not shown in full. */
export const titleList = (findings: readonly LinkedFinding[]): Html | undefined =>
  findings.length === 0
    ? undefined
    : html`<details id="${findings[0]?.key ?? ''}-others">
        <summary>And ${findings.length} more of the same kinds</summary>
        <ul>
          ${findings.map(({ key, title }) => html`<li id="${key}">${title}</li>`)}
        </ul>
      </details>`;

const BADGES = { critical: 'Act now', warning: 'Act today', info: 'To know' } as const;

const badge = ({ severity }: Finding): Html =>
  html`<span class="badge ${severity}">${BADGES[severity]}</span>`;

function body({ id, explanation, evidence, trend, remedy, runbook }: Finding, anchor: string): Html {
  // What can have the focus has an id, so that a refresh can give it back.
  const commands = remedy.commands.map(
    (command, index) => html`<pre tabindex="0" id="${anchor}-command-${index}"><code>${command}</code></pre>`,
  );
  return html`<p>${explanation}</p>
    <dl>
      ${evidence.map(
        ({ label, value }) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${trend === undefined ? undefined : sparkline(trend)}
    <h4>What to do</h4>
    <p>${remedy.text}</p>
    ${commands}
    <p class="muted"><a id="${anchor}-runbook" href="${runbook}">Runbook: ${id}</a></p>`;
}
