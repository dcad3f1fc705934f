import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const PAGES = ['CONTRIBUTING.md', 'docs/architecture.md'];

/** Paths in back ticks that begin with a folder of the project: `src/model/view.ts`, `docs/runbooks/`. */
const NAMED = /`((?:src|simulator|tools|test|bench|docs|rules)\/[\w./-]*)`/g;

describe('the pages for contributors', () => {
  for (const page of PAGES) {
    it(`${page} names only files that exist`, () => {
      const text = readFileSync(join(ROOT, page), 'utf8');
      const named = Array.from(text.matchAll(NAMED), ([, path = '']) => path);
      assert.ok(named.length > 3, 'no file is named: the pattern is wrong');
      assert.deepEqual(
        named.filter((path) => !existsSync(join(ROOT, path))),
        [],
      );
    });
  }

  it('name only scripts of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const named = PAGES.flatMap((page) =>
      Array.from(
        readFileSync(join(ROOT, page), 'utf8').matchAll(/`npm run (?:-s )?([\w:]+)/g),
        ([, name = '']) => name,
      ),
    );
    assert.ok(named.includes('test:one'));
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    );
  });
});
