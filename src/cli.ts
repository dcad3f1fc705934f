#!/usr/bin/env node
import type { Command, CommandIo } from './command.ts';
import { main } from './command-line.ts';

/** The command table. Each module exports `run(config, io)`, which resolves to the exit code; see command.ts. */
const commands: readonly Command[] = [
  {
    name: 'serve',
    help: 'Watches one Harvester cluster and serves metrics and the status page.',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'demo',
    help: 'Starts simulated clusters, replays an incident and serves its metrics.',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'diagnose',
    help: 'Reports once what is wrong, the evidence and the remedy. Exit code 0: nothing, 1: findings, 2: could not look.',
    load: () => import('./commands/diagnose.ts'),
  },
  {
    name: 'break-loop',
    help: 'Lists the failed VMBackups that drive a freeze loop; deletes those that are safe to delete with --apply.',
    load: () => import('./commands/break-loop.ts'),
  },
];

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
const SAME_KEYSTROKE_MS = 500;

const stop = new AbortController();
const onSignal = (): void => {
  stop.abort();
  // npm passes on the Ctrl-C that the terminal has sent us already; only a later one means "at once".
  setTimeout(() => SIGNALS.forEach((signal) => process.off(signal, onSignal)), SAME_KEYSTROKE_MS).unref();
};
for (const signal of SIGNALS) process.on(signal, onSignal);
// Whoever reads our output may leave early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  stop: stop.signal,
};
const exitCode = await main(process.argv.slice(2), commands, io);
// Idle connections to the API server would keep the process alive.
process.stdout.write('', () => process.exit(exitCode));
