import type { FileEntry, Given } from './config-file.ts';
import { InvalidValue } from './invalid-value.ts';
import { nearest } from './nearest.ts';
import { variableOf, type CommandName, type Option } from './option.ts';
import { OPTIONS } from './options.ts';
import { type Problem, textsInOrder } from './problem.ts';
import { ConfigError } from '../errors.ts';

type Options = typeof OPTIONS;
type OptionName = keyof Options;

/** Every option, checked; those a command does not take have their defaults. */
export type Config = { readonly [K in OptionName]: Options[K] extends Option<infer T> ? T : never };

/** What the command line gave: the texts of each flag, without its dashes, in order. */
export type Flags = ReadonlyMap<string, readonly string[]>;

export interface ConfigSources {
  readonly command: CommandName;
  readonly flags: Flags;
  readonly environment: NodeJS.ProcessEnv;
  /** Problems the command line already has; reported with all others. */
  readonly problems?: readonly string[];
}

const ALL_OPTIONS: readonly Option<unknown>[] = Object.values(OPTIONS);

/** The options a command takes, in the order of the table. */
export const optionsOf = (command: CommandName): readonly Option<unknown>[] =>
  ALL_OPTIONS.filter(({ commands }) => commands.includes(command));

/**
 * Reads every option: flag before variable before file before default. Throws one ConfigError that lists every problem,
 * each with its flag, its variable, or its file, line and column.
 */
export async function loadConfig({
  command,
  flags,
  environment,
  problems: known = [],
}: ConfigSources): Promise<Config> {
  const problems: Problem[] = known.map((text) => ({ text, offset: undefined }));
  const entries = await fileEntries(flags, environment, problems);
  const givenFor = (option: Option<unknown>): Given | undefined =>
    fromFlag(option, flags) ?? fromVariable(option, environment) ?? fromFile(option, entries);
  const config = Object.fromEntries(
    Object.entries<Option<unknown>>(OPTIONS).map(([name, option]) => [
      name,
      readOption(option, givenFor(option), problems),
    ]),
  ) as Config; // Each value came from the `read` of its own row.
  if (command !== 'diagnose' && config.contexts.length > 1)
    problems.push(tooManyContexts(command, givenFor(OPTIONS.contexts)));
  if (problems.length > 0) throw new ConfigError(textsInOrder(problems));
  return config;
}

function tooManyContexts(command: CommandName, given: Given | undefined): Problem {
  const place = given?.offset === undefined ? '--context' : given.place;
  const text = `${place}: ${command} looks at one cluster; only diagnose takes several contexts`;
  return { text, offset: given?.offset };
}

function readOption(option: Option<unknown>, given: Given | undefined, problems: Problem[]): unknown {
  try {
    return option.read(given?.texts ?? [option.defaultText]);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    const place = given?.place ?? `--${option.flag}`;
    problems.push({ text: `${place}: ${error.message}`, offset: given?.offset });
    return undefined;
  }
}

const fromFlag = ({ flag }: Option<unknown>, flags: Flags): Given | undefined => {
  const texts = flags.get(flag);
  return texts && { place: `--${flag}`, texts };
};

/** An empty variable counts as not set: manifests often cannot leave one out. */
const fromVariable = (
  { flag, sources, repeatable }: Option<unknown>,
  environment: NodeJS.ProcessEnv,
): Given | undefined => {
  const place = variableOf(flag);
  const value = sources.includes('variable') ? environment[place] : undefined;
  if (value === undefined || value === '') return undefined;
  return { place, texts: repeatable ? value.split(',').map((text) => text.trim()) : [value] };
};

const fromFile = ({ flag }: Option<unknown>, entries: readonly FileEntry[]): Given | undefined =>
  entries.find(({ key, texts }) => key === flag && texts.length > 0);

/** The entries of the file of `--config`; what is wrong with the file goes to `problems`. */
async function fileEntries(
  flags: Flags,
  environment: NodeJS.ProcessEnv,
  problems: Problem[],
): Promise<readonly FileEntry[]> {
  const option = OPTIONS.configFile;
  const file = option.read((fromFlag(option, flags) ?? fromVariable(option, environment))?.texts ?? []);
  if (file === undefined) return [];
  // The YAML parser is loaded only where there is such a file.
  const { readConfigFile } = await import('./config-file.ts');
  const { entries, problems: unreadable } = readConfigFile(file);
  problems.push(...unreadable, ...entries.flatMap(entryProblems));
  return entries;
}

function entryProblems(entry: FileEntry): readonly Problem[] {
  const text = entryProblem(entry);
  return text === undefined ? [] : [{ text, offset: entry.offset }];
}

function entryProblem({ key, keyPlace, place, isList }: FileEntry): string | undefined {
  const option = ALL_OPTIONS.find(({ flag }) => flag === key);
  const keys = ALL_OPTIONS.filter(({ sources }) => sources.includes('file')).map(({ flag }) => flag);
  if (option === undefined) {
    const near = nearest(key, keys);
    return `${keyPlace}: unknown key ${JSON.stringify(key)}${near === undefined ? '' : `; did you mean ${near}?`}`;
  }
  if (!option.sources.includes('file'))
    return `${keyPlace}: ${key} cannot be set in a file, only as --${key}`;
  if (isList && !option.repeatable) return `${place}: takes one value, not a list`;
  return undefined;
}
