import type { Finding } from '../../findings/finding.ts';
import { html, type Html } from './html.ts';
import { sparkline } from './sparkline.ts';

/** One finding: what, why, the proof, and what mends it. What is only worth knowing is folded. */
export function findingCard(finding: Finding, id: string): Html {
  if (finding.severity !== 'info') {
    return html`<article class="${finding.severity}" id="${id}" aria-labelledby="${id}-title">
      <h3 id="${id}-title">${badge(finding)}${finding.title}</h3>
      ${body(finding, id)}
    </article>`;
  }
  return html`<article class="info" id="${id}" aria-labelledby="${id}-title">
    <details id="${id}-more">
      <summary id="${id}-title">${badge(finding)}${finding.title}</summary>
      ${body(finding, id)}
    </details>
  </article>`;
}

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
