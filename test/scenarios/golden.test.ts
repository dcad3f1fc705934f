import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isOlder } from '../../simulator/releases.ts';
import { GOLDEN_STORIES, GOLDEN_VERSIONS } from './golden-stories.ts';

const FOLDER = join(import.meta.dirname, 'golden');
const UPDATES = process.env.UPDATE_GOLDEN === '1';

const cases = GOLDEN_VERSIONS.flatMap((version) =>
  GOLDEN_STORIES.filter(({ from }) => from === undefined || !isOlder(version, from)).map((story) => ({
    version,
    story,
    file: `${version}-${story.name}.prom`,
  })),
);

describe('the exposition of Harvester', () => {
  for (const { version, story, file } of cases) {
    it(`${version} in the story ${story.name} is that of golden/${file}`, async () => {
      const text = await story.tell(version).exposition();
      const path = join(FOLDER, file);
      if (UPDATES) writeFileSync(path, text);
      assert.ok(existsSync(path), `${file} is missing: UPDATE_GOLDEN=1 writes it, read it before you commit`);
      assert.deepEqual(text.split('\n'), readFileSync(path, 'utf8').split('\n'));
    });
  }

  it('has no golden file that no case needs', () => {
    assert.deepEqual(readdirSync(FOLDER).sort(), cases.map(({ file }) => file).sort());
  });
});
