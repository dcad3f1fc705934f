import type { GeneratedFile } from '../generated-file.ts';
import { composeRuleFiles } from './compose-rules.ts';
import { addonFile } from './harvester-addon.ts';
import { committedChartObjects, manifestFile } from './manifest.ts';
import { rbacFiles } from './rbac-template.ts';

/**
 * The files of deploy/ as `npm run generate` writes them, without helm; `root` is where deploy/chart is. Objects of the
 * manifest that only helm can render are taken over as they are.
 */
export const deployFiles = (root: string): readonly GeneratedFile[] => [
  ...rbacFiles(),
  addonFile(root),
  ...composeRuleFiles(root),
  manifestFile(root, committedChartObjects(root)),
];
