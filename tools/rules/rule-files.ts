import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

export type Rule = AlertingRule | RecordingRule;

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** A file of `rules/`, as written; promtool has the last word on its syntax. */
export interface RuleFile {
  readonly name: string;
  readonly groups: readonly RuleGroup[];
}

/** The rule files of a directory, by name. Throws for a file without groups of rules. */
export const readRuleFiles = (directory: string): readonly RuleFile[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ruleFile(name, readFileSync(join(directory, name), 'utf8')));

/** A rule file from its text. Throws unless it has groups of rules. */
export function ruleFile(name: string, text: string): RuleFile {
  const file: unknown = parse(text);
  if (!hasGroups(file)) throw new Error(`${name}: expected groups of rules`);
  return { name, groups: file.groups };
}

/** Every rule of some files, in order. */
export const rulesOf = (files: readonly RuleFile[]): readonly Rule[] =>
  files.flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));

export const isAlert = (rule: Rule): rule is AlertingRule => 'alert' in rule;

function hasGroups(file: unknown): file is { readonly groups: readonly RuleGroup[] } {
  if (typeof file !== 'object' || file === null || !('groups' in file) || !Array.isArray(file.groups))
    return false;
  return file.groups.every(
    (group: unknown) =>
      typeof group === 'object' && group !== null && 'rules' in group && Array.isArray(group.rules),
  );
}
