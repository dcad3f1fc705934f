import type { Writable } from 'node:stream';
import type { Config } from './config/config.ts';
import type { CommandName } from './config/option.ts';

/** The outside world of a command. */
export interface CommandIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted by the first SIGTERM, SIGINT or SIGHUP, and when stdout has no reader any more. */
  readonly stop: AbortSignal;
}

/** What every module of `commands/` exports: does the work and returns the exit code. */
export interface CommandModule {
  readonly run: (config: Config, io: CommandIo) => Promise<number>;
}

/** One row of the command table. Modules are loaded when their command runs, so that `--help` is instant. */
export interface Command {
  readonly name: CommandName;
  readonly help: string;
  /** Whether a signal is the usual end of its work; every other command is cut short by one. */
  readonly runsUntilStopped: boolean;
  readonly load: () => Promise<CommandModule>;
}
