import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

/** Polls until the value is defined and returns it; fails with what `describe` says when the time is over. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  {
    within,
    every = 20,
    describe,
  }: { readonly within: number; readonly every?: number; readonly describe: () => string },
): Promise<T> {
  const deadline = performance.now() + within;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (performance.now() > deadline) assert.fail(`${describe()} (waited ${within} ms)`);
    await sleep(every);
  }
}

/** A condition as `eventually` takes it. */
export const when = (holds: boolean): true | undefined => (holds ? true : undefined);
