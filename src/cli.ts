#!/usr/bin/env node
import type { Command, CommandIo } from './command.ts';
import { interruptionOf } from './ending.ts';

// First of all: a signal may come while everything else is still being loaded.
const stop = interruptionOf(process);

/** The command table. Each module exports `run(config, io)`, which resolves to the exit code; see command.ts. */
const commands: readonly Command[] = [
  {
    name: 'serve',
    runsUntilStopped: true,
    help: 'Watches one Harvester cluster and serves metrics and the status page.',
    load: () => import('./commands/serve.ts'),
  },
  {
    name: 'demo',
    runsUntilStopped: true,
    help: 'Starts simulated clusters, replays an incident and serves its metrics.',
    load: () => import('./commands/demo.ts'),
  },
  {
    name: 'diagnose',
    runsUntilStopped: false,
    help: 'Reports once what is wrong, the evidence and the remedy. Exit code 0: nothing, 1: findings, 2: could not look.',
    load: () => import('./commands/diagnose.ts'),
  },
  {
    name: 'break-loop',
    runsUntilStopped: false,
    help: 'Lists the failed VMBackups that drive a freeze loop; deletes those that are safe to delete with --apply.',
    load: () => import('./commands/break-loop.ts'),
  },
];

const io: CommandIo = {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  stop,
};
const { main } = await import('./command-line.ts');
const exitCode = await main(process.argv.slice(2), commands, io);
// Idle connections to the API server would keep the process alive.
process.stdout.write('', () => process.exit(exitCode));
