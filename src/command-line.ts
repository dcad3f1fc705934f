import type { Command, CommandIo } from './command.ts';
import { loadConfig } from './config/config.ts';
import { nearest } from './config/nearest.ts';
import { exitCodeOf } from './ending.ts';
import { ConfigError } from './errors.ts';
import { flagsHelp, parseFlags } from './config/flags.ts';
import { VERSION } from './version.ts';

const DEFAULT_COMMAND = 'serve';

/**
 * Runs the command that the arguments (without node and script) name and returns the exit code. What the user has to
 * change is listed on stderr, a line each, with exit code 2; every other error is thrown.
 */
export async function main(
  argv: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<number> {
  try {
    return await runCommand(argv, commands, io);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) io.stderr.write(`freezewatch: ${problem}\n`);
    return 2;
  }
}

async function runCommand(
  argv: readonly string[],
  commands: readonly Command[],
  io: CommandIo,
): Promise<number> {
  const [first = DEFAULT_COMMAND, ...others] = argv;
  if (['version', '--version', '-V'].includes(first)) return print(io, `freezewatch ${VERSION}\n`);
  if (isHelp(first) || (first === 'help' && others.length === 0)) return print(io, overview(commands));
  if (first === 'help') return print(io, helpOf(named(others[0] ?? '', commands)));
  // Flags without a command are those of `serve`.
  const implied = first.startsWith('-');
  const command = named(implied ? DEFAULT_COMMAND : first, commands);
  const args = implied ? argv : others;
  if (args.some(isHelp)) return print(io, helpOf(command));
  const parsed = parseFlags(command.name, args);
  const work = async (): Promise<number> => {
    const config = await loadConfig({ command: command.name, environment: io.environment, ...parsed });
    const { run } = await command.load();
    return run(config, io);
  };
  return exitCodeOf(work, io.stop, command.runsUntilStopped);
}

const isHelp = (argument: string): boolean => argument === '--help' || argument === '-h';

function print({ stdout }: CommandIo, text: string): number {
  stdout.write(text);
  return 0;
}

function named(name: string, commands: readonly Command[]): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const near = nearest(name, ['version', 'help', ...commands.map((candidate) => candidate.name)]);
  const remedy = near === undefined ? 'see freezewatch --help' : `did you mean ${near}?`;
  throw new ConfigError([`unknown command ${JSON.stringify(name)}; ${remedy}`]);
}

const helpOf = ({ name, help }: Command): string => flagsHelp(name, help);

function overview(commands: readonly Command[]): string {
  const rows = [
    ...commands.map(({ name, help }) => ({
      name,
      help: name === DEFAULT_COMMAND ? `${help} The default.` : help,
    })),
    { name: 'version', help: 'Prints the version.' },
    { name: 'help', help: 'Shows this help, or that of a command.' },
  ];
  const width = Math.max(...rows.map(({ name }) => name.length));
  return [
    'Usage: freezewatch [command] [flags]',
    '',
    'Warns Harvester operators early, when failed VM backups freeze a VM again and again.',
    '',
    'Commands:',
    ...rows.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}`),
    '',
    'Flags: freezewatch <command> --help',
    '',
  ].join('\n');
}
