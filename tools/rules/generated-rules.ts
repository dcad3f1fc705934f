import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Board } from '../dashboards/dashboard-json.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { completeRules } from './complete-rules.ts';

/** The rules as a user loads them, `rules/*.yaml`, from their sources. */
export const generatedRules = (root: string, boards: readonly Board[]): readonly GeneratedFile[] =>
  readdirSync(join(root, 'tools/rules/source'))
    .sort()
    .map((name) => ({
      path: `rules/${name}`,
      text: completeRules(
        { name, text: readFileSync(join(root, 'tools/rules/source', name), 'utf8') },
        boards,
      ),
    }));
