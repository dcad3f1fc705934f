import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, when } from './deadline.ts';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

/** How a program ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly afterMs: number;
}

/** The built program as a process of its own, which finds no kubeconfig but the one it is given. */
export class Program {
  stdout = '';
  stderr = '';
  /** Its home and its place for temporary files, both empty when it starts. */
  readonly directory = mkdtempSync(join(tmpdir(), 'freezewatch-program-'));
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(args: readonly string[], variables: Readonly<Record<string, string>> = {}) {
    assert.ok(existsSync(CLI), 'there is no dist/cli.js: npm run build');
    const environment = { PATH: process.env.PATH ?? '', HOME: this.directory, TMPDIR: this.directory };
    this.#child = spawn(process.execPath, [CLI, ...args], {
      env: { ...environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.#ended = once(this.#child, 'close').then(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get output(): string {
    return `${this.stdout}${this.stderr}`;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The first group of the pattern as soon as the program printed it; fails with all it printed. */
  printed(pattern: RegExp, within = 10_000): Promise<string> {
    return eventually(() => pattern.exec(this.output)?.[1], {
      within,
      describe: () => `${String(pattern)} was not printed, but:\n${this.output}`,
    });
  }

  /** Where `serve` listens, once it does. */
  url(): Promise<string> {
    return this.printed(/msg="?serving"? url=(\S+)/);
  }

  /** The same, once it is ready. */
  async ready(): Promise<string> {
    const url = await this.url();
    await eventually(async () => when((await fetch(`${url}/readyz`)).ok), {
      within: 10_000,
      describe: () => `not ready:\n${this.output}`,
    });
    return url;
  }

  /** Sends a signal, if any, and waits for the end; fails when it does not come in time. */
  async end(signal: NodeJS.Signals | undefined, within: number): Promise<Exit> {
    const begin = performance.now();
    if (signal !== undefined) this.#child.kill(signal);
    await eventually(() => (this.running ? undefined : true), {
      within,
      describe: () => `still running, and printed:\n${this.output}`,
    });
    const afterMs = performance.now() - begin;
    await this.#ended;
    return { code: this.#child.exitCode, signal: this.#child.signalCode, afterMs };
  }

  /** Whatever happened, nothing is left of it. */
  async destroy(): Promise<void> {
    if (this.running) this.#child.kill('SIGKILL');
    await this.#ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Starts programs, and ends all that are left after each test. */
export function programs(): (
  args: readonly string[],
  variables?: Readonly<Record<string, string>>,
) => Program {
  const started: Program[] = [];
  afterEach(async () => {
    await Promise.all(started.splice(0).map((program) => program.destroy()));
  });
  return (args, variables) => {
    const program = new Program(args, variables);
    started.push(program);
    return program;
  };
}
