import type { GeneratedFile } from '../generated-files.ts';
import { addonFile } from './harvester-addon.ts';
import { rbacFiles } from './rbac-template.ts';

/** The files of deploy/ that are computed without helm; `root` is where deploy/chart is. */
export const deployFiles = (root: string): readonly GeneratedFile[] => [...rbacFiles(), addonFile(root)];
