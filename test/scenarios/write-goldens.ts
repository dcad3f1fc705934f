// `npm run goldens`: writes every golden file anew, and removes those that no story needs.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_FILES, GOLDEN_FOLDER } from './golden-files.ts';

rmSync(GOLDEN_FOLDER, { recursive: true, force: true });
mkdirSync(GOLDEN_FOLDER);
for (const { version, story, file } of GOLDEN_FILES)
  writeFileSync(join(GOLDEN_FOLDER, file), await story.tell(version).exposition());
