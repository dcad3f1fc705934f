import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Command, CommandModule } from '../../src/command.ts';
import { main } from '../../src/command-line.ts';
import type { CommandName } from '../../src/config/option.ts';

export interface CommandRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command as the command line does, against the cluster of a kubeconfig. */
export async function runCommand(
  module: CommandModule & { readonly name: CommandName },
  kubeconfig: string,
  ...args: readonly string[]
): Promise<CommandRun> {
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-command-'));
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, kubeconfig);
  const [stdout, stderr] = [new Captured(), new Captured()];
  const command: Command = {
    name: module.name,
    help: '',
    runsUntilStopped: false,
    load: () => Promise.resolve(module),
  };
  try {
    const io = { stdout, stderr, environment: {}, stop: new AbortController().signal };
    const exitCode = await main([module.name, '--kubeconfig', file, ...args], [command], io);
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

class Captured extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
