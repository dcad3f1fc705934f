import { createHmac, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';

/** Right passwords, of which a user has one for each version of the file. */
const REMEMBERED_SUCCESSES = 1_000;
const REMEMBERED_FAILURES = 100;
/** Comparisons that may wait for their turn: bcrypt.js works in the only thread. */
const MOST_WAITING = 16;
/** Compared with for an unknown user, so that the answer takes as long as for a known one. No password has this hash. */
const UNKNOWN_USER_HASH = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8f0TtgvYUzOVrSdYkbV1ZC5r1cDDqe';

/** So many passwords are being checked that one more would only wait. */
export class TooBusyError extends Error {
  override readonly name = 'TooBusyError';
}

/** Whether an Authorization header has the name and password of one of the users. Rejects with TooBusyError. */
export type BasicAuth = (
  users: ReadonlyMap<string, string>,
  authorization: string | undefined,
) => Promise<boolean>;

/**
 * bcrypt is slow by design: results are remembered, under a keyed digest rather than the password itself. One comparison
 * runs at a time and few wait, so that a flood of wrong passwords cannot use up processor or memory. A password that was
 * right once is accepted without a comparison.
 */
export function createBasicAuth(): BasicAuth {
  const successes = new RecentDigests(REMEMBERED_SUCCESSES);
  const failures = new RecentDigests(REMEMBERED_FAILURES);
  const running = new Map<string, Promise<boolean>>();
  const digestKey = randomBytes(32);
  let last: Promise<unknown> = Promise.resolve();
  return async (users, authorization) => {
    const credentials = credentialsOf(authorization);
    if (credentials === undefined) return false;
    const { user, password } = credentials;
    const hash = users.get(user) ?? UNKNOWN_USER_HASH;
    const digest = createHmac('sha256', digestKey)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    if (successes.has(digest)) return true;
    if (failures.has(digest)) return false;
    const same = running.get(digest);
    if (same !== undefined) return same;
    if (running.size > MOST_WAITING) throw new TooBusyError('too many passwords to check');
    const result = last.then(async (): Promise<boolean> => {
      const isRight = (await bcrypt.compare(password, hash)) && users.has(user);
      (isRight ? successes : failures).add(digest);
      return isRight;
    });
    last = result.catch(() => undefined);
    running.set(digest, result);
    return result.finally(() => running.delete(digest));
  };
}

/** A bounded set that drops its least recently used member. */
class RecentDigests {
  readonly #limit: number;
  readonly #digests = new Set<string>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  has(digest: string): boolean {
    if (!this.#digests.delete(digest)) return false;
    this.#digests.add(digest);
    return true;
  }

  add(digest: string): void {
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (oldest !== undefined && this.#digests.size > this.#limit) this.#digests.delete(oldest);
  }
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** RFC 7617; undefined for a header of another scheme, or a broken one. */
function credentialsOf(authorization = ''): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization)?.[1];
  const [, user, password] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString('utf8')) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}
