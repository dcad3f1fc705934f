import type { GeneratedFile } from '../generated-files.ts';
import { renderChart } from './helm.ts';

const HEAD = `# Generated from deploy/chart by \`.ci/checks/deploy --write\`: the chart with its default values, for Harvester.
# kubectl apply -f deploy/freezewatch.yaml
`;

/** Would say that helm manages the objects, or where in the chart they are from. */
const OF_HELM = /^ *(?:app\.kubernetes\.io\/managed-by|helm\.sh\/chart): .*\n|^# Source: .*\n/gm;

/** The default chart as one manifest for kubectl. Throws with helm's words when the chart does not render. */
export function manifestFile(root: string, helm: string): GeneratedFile {
  const { status, stdout, stderr } = renderChart({ helm, root, args: ['--skip-tests'] });
  if (status !== 0) throw new Error(`helm template: ${stderr.trim()}`);
  return { path: 'deploy/freezewatch.yaml', text: HEAD + stdout.replace(OF_HELM, '') };
}
