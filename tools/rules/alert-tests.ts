import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One expectation of a promtool test: an alert at a time, and the label sets it must fire with. */
export interface AlertExpectation {
  readonly alert: string;
  readonly firingLabels: readonly Readonly<Record<string, string>>[];
}

interface PromtoolFile {
  readonly tests?: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly { readonly exp_labels?: Readonly<Record<string, string>> }[] | null;
    }[];
  }[];
}

/** Every expectation of the promtool tests of a directory (`*.test.yaml`). */
export const readAlertExpectations = (directory: string): readonly AlertExpectation[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.test.yaml'))
    .flatMap((name) => alertExpectations(readFileSync(join(directory, name), 'utf8')));

/** The expectations of one promtool test file; promtool itself checks its shape. */
function alertExpectations(text: string): readonly AlertExpectation[] {
  const { tests = [] } = parse(text) as PromtoolFile;
  return tests.flatMap(({ alert_rule_test: expectations = [] }) =>
    expectations.map(({ alertname, exp_alerts: alerts }) => ({
      alert: alertname,
      firingLabels: (alerts ?? []).map(({ exp_labels: labels = {} }) => labels),
    })),
  );
}
