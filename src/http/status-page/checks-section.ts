import type { Check } from '../../findings/checks.ts';
import { html, type Html } from './html.ts';

/** The checks that were made, and those that could not be: "nothing wrong" holds only for the former. */
export function checksSection(checks: readonly Check[]): Html {
  return html`<section aria-labelledby="checks">
    <h2 id="checks">What was checked</h2>
    <ul class="card checks">
      ${checks.map(checkItem)}
    </ul>
  </section>`;
}

function checkItem(check: Check): Html {
  const { name, looked, missing } = check;
  const parts = [
    ...(looked === undefined ? [] : [looked]),
    ...(missing === undefined ? [] : [`not readable: ${missing}`]),
  ];
  return html`<li>${badge(check)}${name}<br /><span class="muted">${parts.join('; ')}</span></li>`;
}

function badge({ looked, missing }: Check): Html {
  if (looked === undefined) return html`<span class="badge warning">Not checked</span>`;
  return missing === undefined
    ? html`<span class="badge ok">Checked</span>`
    : html`<span class="badge warning">In part</span>`;
}
