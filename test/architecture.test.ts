import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = join(ROOT, 'src');

/** What a part of `src` may import: other parts or single files, and packages. What is not listed is forbidden. */
const ALLOWED: Readonly<
  Record<string, { readonly parts: readonly string[]; readonly packages: readonly string[] }>
> = {
  model: { parts: ['errors.ts'], packages: ['croner', 'node:crypto'] },
  store: { parts: ['model'], packages: [] },
  metrics: { parts: ['model'], packages: [] },
  findings: { parts: ['model'], packages: [] },
  cluster: { parts: ['model', 'errors.ts', 'logger.ts'], packages: ['node:*', '@kubernetes/client-node'] },
  http: {
    parts: ['metrics', 'findings', 'model', 'errors.ts', 'logger.ts', 'web-config'],
    packages: ['node:*', 'express', 'prom-client'],
  },
  simulator: { parts: ['model', 'errors.ts'], packages: ['node:*', 'yaml'] },
  rules: { parts: ['errors.ts'], packages: ['yaml'] },
};

/** Packages that one file alone may know. */
const ONLY_IN: Readonly<Record<string, RegExp>> = {
  'prom-client': /^http\/exposition\.ts$/,
  '@kubernetes/client-node': /^cluster\/(?:api|kube-config|credentials)\.ts$/,
  croner: /^model\/schedule\.ts$/,
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const text = (file: string): string => readFileSync(join(SOURCE, file), 'utf8');
const IMPORT = /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

const imports: readonly Import[] = files.flatMap((file) =>
  Array.from(text(file).matchAll(IMPORT), ([, typeOnly, from, lazy]) => {
    const target = from ?? lazy ?? '';
    const local = target.startsWith('.')
      ? relative(SOURCE, normalize(join(SOURCE, dirname(file), target)))
      : target;
    return { file, target: local, typeOnly: typeOnly !== undefined };
  }),
);

const partOf = (path: string): string => path.split('/')[0] ?? path;
const isPackage = (target: string): boolean => !target.endsWith('.ts') && !target.endsWith('.json');
const matches = (target: string, pattern: string): boolean =>
  pattern.endsWith('*')
    ? target.startsWith(pattern.slice(0, -1))
    : target === pattern || target.startsWith(`${pattern}/`);

describe('the architecture', () => {
  it('has something to check', () => {
    assert.ok(imports.length > 100);
  });

  for (const [part, { parts, packages }] of Object.entries(ALLOWED)) {
    it(`lets ${part} import only ${[...parts, ...packages].join(', ')}`, () => {
      const broken = imports
        .filter(({ file }) => partOf(file) === part)
        .filter(({ target }) =>
          isPackage(target)
            ? !packages.some((pattern) => matches(target, pattern))
            : ![part, ...parts].some((allowed) => matches(target, allowed)),
        );
      assert.deepEqual(broken, []);
    });
  }

  it('keeps the commands away from the tools', () => {
    assert.deepEqual(
      imports.filter(({ file, target }) => partOf(file) === 'commands' && partOf(target) === 'tools'),
      [],
    );
  });

  for (const [name, allowed] of Object.entries(ONLY_IN)) {
    it(`knows ${name} in one place`, () => {
      const users = imports.filter(({ target, typeOnly }) => matches(target, name) && !typeOnly);
      assert.deepEqual(
        users.filter(({ file }) => !allowed.test(file)),
        [],
      );
    });
  }

  it('has no cycles', () => {
    const graph = new Map(
      files.map((file) => [file, imports.filter((each) => each.file === file && !each.typeOnly)]),
    );
    const done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      assert.ok(!path.includes(file), `cycle: ${[...path, file].join(' → ')}`);
      if (done.has(file)) return;
      for (const { target } of graph.get(file) ?? []) if (!isPackage(target)) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
  });

  it('has no file named for what it is not', () => {
    assert.deepEqual(
      files.filter((file) => /(?:^|\/)(?:utils?|helpers?|common|types|index)\.ts$/.test(file)),
      [],
    );
  });

  it('has no mutable variable at module level, and no import for its side effects', () => {
    const broken = files.filter((file) => /^(?:export )?(?:let|var) |^import '/m.test(text(file)));
    assert.deepEqual(broken, []);
  });
});
