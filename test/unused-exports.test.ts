import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
/** Whose exports are looked at; all others may only use them. */
const PRODUCT = ['src', 'simulator', 'tools'];
const USERS = [...PRODUCT, 'test', 'bench', 'scripts'];

/** Stands for every export of a file: `import * as`, or `import()`. */
const ALL = '*';

const files = USERS.flatMap((root) =>
  readdirSync(join(ROOT, root), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|mjs)$/.test(file))
    .map((file) => `${root}/${file.replaceAll('\\', '/')}`),
);

const parsed = (file: string): ts.SourceFile =>
  ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest);

function exportedNames(source: ts.SourceFile): readonly string[] {
  return source.statements.flatMap((statement): readonly string[] => {
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      return clause !== undefined && ts.isNamedExports(clause)
        ? clause.elements.map(({ name }) => name.text)
        : [];
    }
    if (!isExported(statement)) return [];
    if (ts.isVariableStatement(statement))
      return statement.declarationList.declarations.flatMap(({ name }) => namesIn(name));
    return isNamed(statement) ? [statement.name.text] : [];
  });
}

const isExported = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const isNamed = (node: ts.Node): node is ts.Node & { readonly name: ts.Identifier } =>
  'name' in node && ts.isIdentifier(node.name as ts.Node);

const namesIn = (name: ts.BindingName): readonly string[] =>
  ts.isIdentifier(name)
    ? [name.text]
    : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesIn(element.name)));

/** What a file takes from others of ours: `file#name`. */
function usedNames(source: ts.SourceFile): readonly string[] {
  const used: string[] = [];
  const use = (from: ts.Node | undefined, names: readonly string[]): void => {
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return;
    const file = normalize(join(dirname(source.fileName), from.text)).replaceAll('\\', '/');
    used.push(...names.map((name) => `${file}#${name}`));
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) use(node.moduleSpecifier, importedNames(node.importClause));
    else if (ts.isExportDeclaration(node)) use(node.moduleSpecifier, reexportedNames(node.exportClause));
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      use(node.arguments[0], [ALL]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      use(node.argument.literal, [ALL]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return used;
}

function importedNames(clause: ts.ImportClause | undefined): readonly string[] {
  const bindings = clause?.namedBindings;
  if (bindings === undefined) return [];
  if (ts.isNamespaceImport(bindings)) return [ALL];
  return bindings.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
}

const reexportedNames = (clause: ts.NamedExportBindings | undefined): readonly string[] =>
  clause !== undefined && ts.isNamedExports(clause)
    ? clause.elements.map(({ name, propertyName }) => (propertyName ?? name).text)
    : [ALL];

describe('the exports of src, simulator and tools', () => {
  it('are each imported by another file', () => {
    const sources = files.map(parsed);
    const used = new Set(sources.flatMap(usedNames));
    const unused = sources
      .filter(({ fileName }) => PRODUCT.some((root) => fileName.startsWith(`${root}/`)))
      .filter(({ fileName }) => !used.has(`${fileName}#${ALL}`))
      .flatMap((source) => exportedNames(source).map((name) => `${source.fileName}#${name}`))
      .filter((name) => !used.has(name));
    assert.deepEqual(unused, [], `imported by no other file:\n${unused.join('\n')}`);
  });
});
