import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GOLDEN_FILES, GOLDEN_FOLDER } from './golden-files.ts';

const ADVICE = '`npm run goldens` writes it; read the difference before you commit';

describe('the exposition of Harvester', () => {
  for (const { version, story, file } of GOLDEN_FILES) {
    it(`${version} in the story ${story.name} is that of golden/${file}`, async () => {
      const lines = (await story.tell(version).exposition()).split('\n');
      const path = join(GOLDEN_FOLDER, file);
      assert.ok(existsSync(path), `${file} is missing: ${ADVICE}`);
      const golden = readFileSync(path, 'utf8').split('\n');
      assert.deepEqual(lines, golden, `${file} differs: ${ADVICE}`);
    });
  }

  it('has no golden file that no case needs', () => {
    assert.deepEqual(readdirSync(GOLDEN_FOLDER).sort(), GOLDEN_FILES.map(({ file }) => file).sort());
  });
});
