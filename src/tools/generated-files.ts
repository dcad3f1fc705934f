import { scrapeErrors } from '../http/exposition.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { metricsDocs } from './metrics-docs.ts';

export interface GeneratedFile {
  /** Below the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is computed from the declarations and committed. `root` is where hand-written inputs are read. */
export const generatedFiles = (_root: string): readonly GeneratedFile[] => [
  { path: 'docs/metrics.md', text: metricsDocs([...catalogue, scrapeErrors]) },
];
