import { Command as Parser, Option as ParserOption } from 'commander';
import { optionsOf, type Flags } from './config.ts';
import { nearest } from './nearest.ts';
import { variableOf, type CommandName, type Option } from './option.ts';
import { OPTIONS } from './options.ts';

interface ParsedFlags {
  readonly flags: Flags;
  /** One line per argument that is wrong. */
  readonly problems: readonly string[];
}

/** The flags among the arguments of a command, and every argument it does not take. */
export function parseFlags(command: CommandName, args: readonly string[]): ParsedFlags {
  const options = optionsOf(command);
  const { parser, rows } = flagParser(command, options);
  const { operands, unknown } = parser.parseOptions([...args]);
  const flags = new Map<string, readonly string[]>();
  const problems = argumentProblems(command, [...operands, ...unknown]);
  for (const { option, attribute } of rows) {
    if (parser.getOptionValueSource(attribute) !== 'cli') continue;
    const texts = textsOf(option, parser.getOptionValue(attribute));
    if (texts === undefined)
      problems.push(`--${option.flag}: needs a value: --${option.flag} <${option.placeholder ?? ''}>`);
    else flags.set(option.flag, texts);
  }
  return { flags, problems };
}

/** The text of `--help` for the flags of a command. */
export function flagsHelp(command: CommandName, summary: string): string {
  return flagParser(command, optionsOf(command)).parser.description(summary).helpInformation();
}

interface ParserRow {
  readonly option: Option<unknown>;
  /** Where the parser keeps the value. */
  readonly attribute: string;
}

function flagParser(
  command: CommandName,
  options: readonly Option<unknown>[],
): { readonly parser: Parser; readonly rows: readonly ParserRow[] } {
  const parser = new Parser(`freezewatch ${command}`)
    .usage('[flags]')
    .allowUnknownOption()
    .helpOption('-h, --help', 'Show this help.')
    .configureHelp({ optionTerm: ({ flags }) => flags.replace('[', '<').replace(']', '>') });
  const rows = options.map((option) => {
    const parserOption = parserOptionOf(option);
    parser.addOption(parserOption);
    return { option, attribute: parserOption.attributeName() };
  });
  return { parser, rows };
}

/**
 * The value is declared optional, although every value of ours is required: otherwise the parser would stop at the first
 * flag without a value, or take the next flag for it. `textsOf` reports a missing value.
 */
function parserOptionOf(option: Option<unknown>): ParserOption {
  const { flag, short, placeholder } = option;
  const spelling = `${short === undefined ? '' : `-${short}, `}--${flag}`;
  if (placeholder === undefined) return new ParserOption(spelling, descriptionOf(option));
  return new ParserOption(`${spelling} [${placeholder}]`, descriptionOf(option)).argParser(
    (text: string, before: unknown): readonly string[] => [...(isTexts(before) ? before : []), text],
  );
}

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value);

/** The texts behind a flag; undefined when its value is missing. */
function textsOf({ placeholder }: Option<unknown>, value: unknown): readonly string[] | undefined {
  // A switch is stored as a boolean: --no-… as false, because it turns something off.
  if (placeholder === undefined) return ['true'];
  return isTexts(value) ? value : undefined;
}

function descriptionOf({
  help,
  defaultText,
  unset,
  flag,
  placeholder,
  sources,
  repeatable,
}: Option<unknown>): string {
  const fallback = placeholder === undefined ? undefined : defaultText || unset;
  return [
    help,
    repeatable ? 'May be repeated.' : undefined,
    fallback === undefined ? undefined : `Default: ${fallback}.`,
    sources.includes('variable') ? `[${variableOf(flag)}]` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function argumentProblems(command: CommandName, args: readonly string[]): string[] {
  return args
    .filter((argument, index) => argument !== '--' && !isValueOf(args[index - 1], argument))
    .map((argument) => {
      if (!argument.startsWith('-'))
        return `unexpected argument ${JSON.stringify(argument)}: ${command} takes flags only`;
      return unknownFlag(command, argument);
    });
}

/** What follows an unknown flag is most likely its value: one mistake, one line. */
const isValueOf = (before: string | undefined, argument: string): boolean =>
  before?.startsWith('--') === true && before !== '--' && !before.includes('=') && !argument.startsWith('-');

function unknownFlag(command: CommandName, argument: string): string {
  const [spelled = argument] = argument.split('=');
  const name = spelled.replace(/^-+/, '');
  const elsewhere = Object.values<Option<unknown>>(OPTIONS).find(({ flag }) => flag === name);
  if (elsewhere?.commands.includes(command)) return `${spelled}: takes no value`;
  if (elsewhere !== undefined)
    return `${spelled}: not a flag of ${command}, but of ${elsewhere.commands.join(', ')}`;
  const near = nearest(
    name,
    optionsOf(command).map(({ flag }) => flag),
  );
  return `unknown flag ${spelled}${near === undefined ? `; see freezewatch ${command} --help` : `; did you mean --${near}?`}`;
}
