import { InvalidValue } from './invalid-value.ts';

export const COMMANDS = ['serve', 'demo', 'diagnose', 'break-loop'] as const;
/** The commands that take options. */
export type CommandName = (typeof COMMANDS)[number];

/** Where an option may be given besides the command line. */
type OptionSource = 'variable' | 'file';

/** One row of the table of options: everything the parser, `--help` and the documentation say about it. */
export interface Option<T> {
  /** Without the leading dashes; also the key in the file of `--config`. */
  readonly flag: string;
  readonly short?: string;
  /** What `--help` calls the value; undefined for a switch, which takes none. */
  readonly placeholder: string | undefined;
  readonly repeatable: boolean;
  /** In the spelling of the command line; empty when nothing is set. */
  readonly defaultText: string;
  /** What happens when nothing is set and `defaultText` is empty. */
  readonly unset?: string;
  readonly help: string;
  readonly commands: readonly CommandName[];
  readonly sources: readonly OptionSource[];
  /** All texts given at the source that won; throws InvalidValue. */
  readonly read: (texts: readonly string[]) => T;
}

interface Row<T> {
  readonly flag: string;
  readonly short?: string;
  readonly placeholder: string;
  readonly defaultText?: string;
  readonly unset?: string;
  readonly help: string;
  readonly commands: readonly CommandName[];
  readonly sources?: readonly OptionSource[];
  readonly parse: (text: string) => T;
}

const EVERYWHERE: readonly OptionSource[] = ['variable', 'file'];

/** An option with one value: the last one given. */
export const option = <T>({ parse, ...row }: Row<T>): Option<T> => ({
  defaultText: '',
  sources: EVERYWHERE,
  ...row,
  repeatable: false,
  read: (texts) => parse(texts.at(-1) ?? ''),
});

/** As `option`; the value is undefined while the text is empty. */
export const optional = <T>({ parse, ...row }: Row<T>): Option<T | undefined> =>
  option({ ...row, parse: (text) => (text === '' ? undefined : parse(text)) });

/** An option given once per value; a variable separates its values by commas. */
export const repeatable = <T>({ parse, ...row }: Row<T>): Option<readonly T[]> => ({
  defaultText: '',
  sources: EVERYWHERE,
  ...row,
  repeatable: true,
  read: (texts) => texts.filter((text) => text !== '').map(parse),
});

/** A switch: off unless given. A variable or a key says `true` or `false`. */
export const toggle = (
  row: Omit<Row<boolean>, 'parse' | 'placeholder' | 'defaultText'>,
): Option<boolean> => ({
  sources: EVERYWHERE,
  ...row,
  defaultText: 'false',
  placeholder: undefined,
  repeatable: false,
  read: (texts) => parseBoolean(texts.at(-1) ?? 'false'),
});

function parseBoolean(text: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new InvalidValue(`${JSON.stringify(text)} is neither true nor false`);
}

/** `--web.listen-address` is also FREEZEWATCH_WEB_LISTEN_ADDRESS. */
export const variableOf = (flag: string): string => `FREEZEWATCH_${flag.toUpperCase().replace(/[.-]/g, '_')}`;
