import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const ROOTS = ['src', 'simulator', 'tools'] as const;

interface Part {
  /** Parts or single files it may import, beside itself. */
  readonly parts: readonly string[];
  readonly packages: readonly string[];
}

/** Every part, and what it may import. A part is a folder or a file; the longest name that fits a file is its part. */
const PARTS: Readonly<Record<string, Part>> = {
  'src/errors.ts': { parts: [], packages: [] },
  'src/logger.ts': { parts: [], packages: [] },
  'src/log-writer.ts': { parts: ['src/logger.ts', 'src/logfmt.ts'], packages: ['node:*'] },
  'src/logfmt.ts': { parts: [], packages: [] },
  'src/project-root.ts': { parts: [], packages: ['node:*'] },
  'src/version.ts': { parts: ['src/project-root.ts'], packages: ['node:*'] },
  'src/model': { parts: ['src/errors.ts'], packages: ['croner', 'node:crypto'] },
  'src/store': { parts: ['src/model'], packages: [] },
  'src/metrics': { parts: ['src/model'], packages: [] },
  'src/findings': { parts: ['src/model'], packages: [] },
  'src/break-loop': {
    parts: ['src/model', 'src/findings', 'src/cluster', 'src/errors.ts'],
    packages: ['node:*'],
  },
  'src/cluster': {
    parts: ['src/model', 'src/errors.ts', 'src/logger.ts'],
    packages: ['node:*', '@kubernetes/client-node', 'yaml'],
  },
  'src/config': {
    parts: ['src/model', 'src/errors.ts', 'src/logger.ts'],
    packages: ['node:*', 'commander', 'yaml'],
  },
  'src/web-config': {
    parts: ['src/errors.ts', 'src/logger.ts'],
    packages: ['node:*', 'yaml', 'zod', 'bcryptjs'],
  },
  'src/inputs': {
    parts: [
      'src/cluster',
      'src/config',
      'src/model',
      'src/store',
      'src/errors.ts',
      'src/logger.ts',
      'src/version.ts',
    ],
    packages: ['node:*'],
  },
  'src/http': {
    parts: [
      'src/metrics',
      'src/findings',
      'src/model',
      'src/errors.ts',
      'src/logger.ts',
      'src/config/listen-address.ts',
      'src/web-config',
    ],
    packages: ['node:*', 'express', 'prom-client'],
  },
  'src/ending.ts': { parts: [], packages: ['node:*'] },
  'src/command.ts': { parts: ['src/config'], packages: ['node:*'] },
  'src/command-line.ts': {
    parts: ['src/command.ts', 'src/config', 'src/ending.ts', 'src/errors.ts', 'src/version.ts'],
    packages: [],
  },
  'src/commands': { parts: ['src', 'simulator'], packages: ['node:*'] },
  'src/cli.ts': {
    parts: ['src/command.ts', 'src/command-line.ts', 'src/commands', 'src/ending.ts'],
    packages: ['node:*'],
  },
  simulator: { parts: ['src/model', 'src/errors.ts'], packages: ['node:*', 'yaml'] },
  'simulator/demo': {
    parts: ['simulator', 'src/config', 'src/findings', 'src/model', 'src/errors.ts', 'src/project-root.ts'],
    packages: ['node:*', 'yaml'],
  },
  tools: {
    parts: [
      'src/metrics',
      'src/findings',
      'src/model',
      'src/config',
      'src/http',
      'src/inputs',
      'src/cluster',
      'src/commands/serve.ts',
      'src/logger.ts',
      'src/project-root.ts',
      'src/version.ts',
      'simulator',
    ],
    packages: [
      'node:*',
      'yaml',
      '@prometheus-io/lezer-promql',
      '@grafana/grafana-foundation-sdk',
      'playwright-core',
    ],
  },
};

/** The folders of the model, each knowing only those before it. */
const MODEL_ORDER = ['objects', 'logs', 'targets', 'backups', 'virt-handlers', 'freezes', 'conflicts'];

/** Packages that one file alone may know. */
const ONLY_IN: Readonly<Record<string, RegExp>> = {
  'prom-client': /^src\/http\/exposition\.ts$/,
  '@kubernetes/client-node': /^src\/cluster\/(?:api|kube-config|credentials)\.ts$/,
  croner: /^src\/model\/backups\/schedule\.ts$/,
};

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

const files = ROOTS.flatMap((root) =>
  readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${root}/${file}`),
);
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const IMPORT = /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

const imports: readonly Import[] = files.flatMap((file) =>
  Array.from(text(file).matchAll(IMPORT), ([, typeOnly, from, lazy]) => {
    const target = from ?? lazy ?? '';
    const local = target.startsWith('.')
      ? relative(ROOT, normalize(join(ROOT, dirname(file), target)))
      : target;
    return { file, target: local, typeOnly: typeOnly !== undefined };
  }),
);

const isPackage = (target: string): boolean => !target.endsWith('.ts') && !target.endsWith('.json');
const matches = (target: string, pattern: string): boolean =>
  pattern.endsWith('*')
    ? target.startsWith(pattern.slice(0, -1))
    : target === pattern || target.startsWith(`${pattern}/`);
const partOf = (file: string): string | undefined =>
  Object.keys(PARTS)
    .filter((part) => matches(file, part))
    .sort((a, b) => b.length - a.length)[0];

describe('the architecture', () => {
  it('has something to check', () => {
    assert.ok(imports.length > 100);
  });

  it('lists every part', () => {
    assert.deepEqual(
      files.filter((file) => partOf(file) === undefined),
      [],
    );
    assert.deepEqual(
      Object.keys(PARTS).filter((part) => !files.some((file) => partOf(file) === part)),
      [],
    );
  });

  for (const [part, { parts, packages }] of Object.entries(PARTS)) {
    it(`lets ${part} import only ${[...parts, ...packages].join(', ') || 'nothing'}`, () => {
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

  it('knows one direction within the model', () => {
    const folderOf = (path: string): string | undefined => /^src\/model\/([^/]+)\//.exec(path)?.[1];
    const folders = new Set(files.flatMap((file) => folderOf(file) ?? []));
    assert.deepEqual([...folders].sort(), [...MODEL_ORDER].sort());
    const broken = imports.filter(({ file, target }) => {
      const [from, to] = [folderOf(file), folderOf(target)];
      return from !== undefined && to !== undefined && MODEL_ORDER.indexOf(to) > MODEL_ORDER.indexOf(from);
    });
    assert.deepEqual(broken, []);
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
