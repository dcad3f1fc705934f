import assert from 'node:assert/strict';
import type { Suite } from 'mocha';
import { findHelm, renderChart, runHelm, type HelmAnswer } from '../../tools/deploy/helm.ts';
import { objectsOf, ROOT, type Manifest } from './manifests.ts';

/** helm and the chart, as tests use them. */
export interface Chart {
  /** The objects with these values, written as for `--set`; helm's own test pod is left out. */
  readonly render: (...values: readonly string[]) => readonly Manifest[];
  /** As `render`, with other arguments of `helm template`. */
  readonly renderWith: (...args: readonly string[]) => readonly Manifest[];
  /** What helm says to values that it must refuse. */
  readonly refusal: (...values: readonly string[]) => string;
  /** Any helm command. */
  readonly run: (...args: readonly string[]) => HelmAnswer;
}

/**
 * A suite that needs helm. Where there is none it says so and is skipped, unless FREEZEWATCH_REQUIRE_HELM is set, as
 * .ci/checks/deploy does.
 */
export function describeChart(title: string, body: (this: Suite, chart: Chart) => void): void {
  const helm = findHelm();
  if (helm === undefined && process.env.FREEZEWATCH_REQUIRE_HELM === undefined) {
    const reason = 'SKIPPED: there is no helm on the PATH; .ci/checks/deploy builds it with Go';
    process.stderr.write(`${title} (${reason})\n`);
    describe.skip(`${title} (${reason})`, () => undefined);
    return;
  }
  describe(title, function () {
    this.timeout(30_000);
    body.call(this, chartOf(helm ?? 'helm'));
  });
}

function chartOf(helm: string): Chart {
  const sets = (values: readonly string[]): readonly string[] => values.flatMap((value) => ['--set', value]);
  const renderWith = (...args: readonly string[]): readonly Manifest[] => {
    const { status, stdout, stderr } = renderChart({ helm, root: ROOT, args: ['--skip-tests', ...args] });
    assert.equal(status, 0, stderr);
    return objectsOf(stdout);
  };
  return {
    render: (...values) => renderWith(...sets(values)),
    renderWith,
    refusal: (...values) => {
      const { status, stderr } = renderChart({ helm, root: ROOT, args: sets(values) });
      assert.notEqual(status, 0, 'helm takes these values');
      return stderr;
    },
    run: (...args) => runHelm(helm, args),
  };
}
