import { createHmac, randomBytes } from 'node:crypto';
import bcrypt from 'bcryptjs';

const REMEMBERED = 100;
/** The hash of no password anybody has; comparing with it takes as long as with a real one. */
const NOBODY = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8f0TtgvYUzOVrSdYkbV1ZC5r1cDDqe';

/** Whether an Authorization header has the name and password of one of the users. */
type BasicAuth = (users: ReadonlyMap<string, string>, authorization: string | undefined) => Promise<boolean>;

/**
 * bcrypt is slow by design: results are remembered, under a keyed digest rather than the password itself, and only one
 * comparison runs at a time, so that a flood of wrong passwords cannot take the processor.
 */
export function createBasicAuth(): BasicAuth {
  const results = new Map<string, Promise<boolean>>();
  const digestKey = randomBytes(32);
  let last: Promise<unknown> = Promise.resolve();
  return async (users, authorization) => {
    const credentials = credentialsOf(authorization);
    if (credentials === undefined) return false;
    const { user, password } = credentials;
    const hash = users.get(user) ?? NOBODY;
    const digest = createHmac('sha256', digestKey)
      .update(JSON.stringify([user, hash, password]))
      .digest('base64');
    const known = results.get(digest);
    if (known !== undefined) return known;
    const result = last.then(async () => (await bcrypt.compare(password, hash)) && users.has(user));
    last = result.catch(() => undefined);
    const [oldest] = results.keys();
    if (oldest !== undefined && results.size >= REMEMBERED) results.delete(oldest);
    results.set(digest, result);
    return result;
  };
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
