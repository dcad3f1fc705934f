import type { IncomingHttpHeaders } from 'node:http';
import { ADMIN } from './access-control.ts';
import type { AccessControl, Identity } from './access-control.ts';
import { StatusError } from './status.ts';

/**
 * Who sends a request by its bearer token: an administrator while access control is off, and whom an administrator
 * impersonates. Throws a StatusError 401 for an unknown token.
 */
export function identityOf(headers: IncomingHttpHeaders, access: AccessControl | undefined): Identity {
  const identity = access === undefined ? ADMIN : access.tokens.get(bearerToken(headers) ?? '');
  if (identity === undefined) throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  const user = headers['impersonate-user'];
  if (typeof user !== 'string' || !identity.groups.includes('system:masters')) return identity;
  const groups = [headers['impersonate-group'] ?? []].flat();
  return { username: user, groups: [...groups, 'system:authenticated'] };
}

const bearerToken = ({ authorization }: IncomingHttpHeaders): string | undefined =>
  /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
