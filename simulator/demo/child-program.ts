import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a program may take to end: Prometheus writes its blocks then. A slower one is killed. */
const END_WITHIN_MS = 3_000;
const READY_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** A program of others that runs for as long as we do. */
export class ChildProgram {
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #over = new AbortController();
  #lastWords = '';

  constructor(name: string, path: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = `${this.#lastWords}${text}`.trimEnd().split('\n').at(-1) ?? '';
    });
    const killed = (): void => void this.#child.kill('SIGKILL');
    // However we end, it does not live on.
    process.once('exit', killed);
    const over = (): void => {
      process.off('exit', killed);
      this.#over.abort();
    };
    this.#child.once('error', (error) => {
      this.#lastWords = error.message;
      if (this.#child.pid === undefined) over();
    });
    this.#child.once('close', over);
  }

  /** Resolves when the URL answers 200. Rejects when the program ends or does not answer for 20 seconds. */
  async answers(url: string, signal: AbortSignal): Promise<void> {
    const deadline = performance.now() + READY_WITHIN_MS;
    const ended = AbortSignal.any([signal, this.#over.signal]);
    for (;;) {
      const response = await fetch(url, {
        signal: AbortSignal.any([ended, AbortSignal.timeout(2_000)]),
      }).catch(() => undefined);
      signal.throwIfAborted();
      if (this.#over.signal.aborted) throw new Error(`${this.#name} does not start: ${this.#lastWords}`);
      if (response?.ok === true) return;
      if (performance.now() > deadline) throw new Error(`${this.#name} does not answer at ${url}`);
      await sleep(LOOK_EVERY_MS, undefined, { signal: ended }).catch(() => undefined);
    }
  }

  /** Asks it to end, and resolves when it has. */
  async end(): Promise<void> {
    if (this.#over.signal.aborted) return;
    const over = once(this.#over.signal, 'abort');
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), END_WITHIN_MS);
    this.#child.kill('SIGTERM');
    await over;
    clearTimeout(killer);
  }
}
