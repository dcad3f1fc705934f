import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from '../generated-file.ts';
import { renderChart } from './helm.ts';
import { monitoringObjects } from './monitoring-objects.ts';

const PATH = 'deploy/freezewatch.yaml';
const HEAD = `# Generated from deploy/chart with its default values, for Harvester: kubectl apply -f deploy/freezewatch.yaml
# Up to the rules it is written by \`.ci/checks/deploy --write\`, which needs helm; the rest by \`npm run generate\`.
`;
const SEAM = '# ===== rules/ and grafana/ =====\n';

/** Would say that helm manages the objects, or where in the chart they are from. */
const OF_HELM = /^ *(?:app\.kubernetes\.io\/managed-by|helm\.sh\/chart): .*\n|^# Source: .*\n/gm;

/**
 * The default chart as one manifest for kubectl. `chartObjects` are those that only helm can render; rules and
 * dashboards, which change more often, are added without it.
 */
export const manifestFile = (root: string, chartObjects: string): GeneratedFile => ({
  path: PATH,
  text: HEAD + chartObjects + SEAM + monitoringObjects(root),
});

/** The chart without rules and dashboards. Throws with helm's words when it does not render. */
export function renderedChartObjects(root: string, helm: string): string {
  const without = ['--skip-tests', '--set', 'prometheusRule.enabled=false,dashboards.enabled=false'];
  const { status, stdout, stderr } = renderChart({ helm, root, args: without });
  if (status !== 0) throw new Error(`helm template: ${stderr.trim()}`);
  return stdout.replace(OF_HELM, '');
}

/** The same as the committed manifest has them: where there is no helm. Throws for a manifest that is not ours. */
export function committedChartObjects(root: string): string {
  const text = readFileSync(join(root, PATH), 'utf8');
  const end = text.indexOf(SEAM);
  if (!text.startsWith(HEAD) || end < 0) throw new Error(`${PATH} was edited: run .ci/checks/deploy --write`);
  return text.slice(HEAD.length, end);
}
