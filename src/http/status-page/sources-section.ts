import { subjectOfSource } from '../../findings/checks.ts';
import type { Report } from '../../findings/report.ts';
import { ago } from '../../findings/wording.ts';
import type { SourceReport } from '../../model/view.ts';
import { html, type Html } from './html.ts';

/** How old what is shown may be, source by source. */
export function sourcesSection({ sources, atMs }: Report): Html {
  const row = (source: SourceReport): Html =>
    html`<tr>
      <th scope="row">${subjectOfSource(source.source)}</th>
      <td>${stateOf(source)}</td>
      <td>${ago(source.lastSuccessMs, atMs)}</td>
    </tr>`;
  return html`<section aria-labelledby="sources">
    <h2 id="sources">How fresh the data is</h2>
    <details class="card" id="sources-table">
      <summary id="sources-summary">${freshness(sources, atMs)}</summary>
      <table>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">State</th>
            <th scope="col">Last read</th>
          </tr>
        </thead>
        <tbody>
          ${sources.map(row)}
        </tbody>
      </table>
    </details>
  </section>`;
}

function freshness(sources: readonly SourceReport[], atMs: number): string {
  const served = sources.filter(({ up }) => up !== undefined);
  const oldest = Math.min(...served.flatMap(({ lastSuccessMs }) => lastSuccessMs ?? []));
  const works = served.filter(({ up }) => up === true).length;
  const age = Number.isFinite(oldest) ? `; the oldest was read ${ago(oldest, atMs)}` : '';
  return `${works} of ${served.length} sources work${age}`;
}

const stateOf = ({ up }: SourceReport): string =>
  up === undefined ? 'not served, or not read yet' : up ? 'works' : 'fails';
