import { createHash } from 'node:crypto';
import { awsPartition, isAwsHost, storeHost } from './store-alias.ts';
import { type TargetScope, scopeOfHost } from './target-scope.ts';

type TargetType = 's3' | 'nfs' | 'cifs' | 'azblob';

/**
 * One place backups are written to, however it is spelled: equal places have equal `targetId`. No user information,
 * password or query survives in any field.
 */
export interface TargetPlace {
  readonly type: TargetType;
  /** For people: `s3://s3.example.net:9000/hv-prod`, `s3://aws/bucket`, `nfs://srv/path`. */
  readonly target: string;
  /** 16 hex digits; equal for equal places. */
  readonly targetId: string;
  /** The same without the host: equal for one store reached under two names. */
  readonly looseId: string;
  readonly scope: TargetScope;
}

/** The parts of Harvester's Setting `backup-target` that name the place. */
export interface SettingSpelling {
  readonly type: 's3' | 'nfs';
  readonly endpoint: string;
  readonly bucketName: string;
  readonly bucketRegion: string;
  readonly virtualHostedStyle: boolean;
}

/** A Longhorn URL of an S3 bucket does not say where the bucket is: the endpoint is in a Secret we do not read. */
const UNKNOWN_HOST = '?';
const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * The place of a Longhorn BackupTarget URL; undefined for an empty one and for one Longhorn could not use. The user
 * part of s3 and azblob is the bucket or container, not a user (backupstore s3/s3.go, azblob/azblob.go); with a
 * password beside it, it is no such URL, and its text may hold a secret.
 */
export function placeOfUrl(longhornUrl: string): TargetPlace | undefined {
  const scheme = SCHEME.exec(longhornUrl.trim())?.[1]?.toLowerCase();
  // NFS writes `srv:/path` for `srv/path`.
  const rest = withoutScheme(longhornUrl);
  const location = locationOf(scheme === 'nfs' ? rest.replace(/^(\[[^\]]*\]|[^/?#@:[]+):\//, '$1/') : rest);
  if (location === undefined) return undefined;
  const { user, password, host, hostname, path } = location;
  switch (scheme) {
    case 's3':
      if (password) return undefined;
      return createPlace('s3', UNKNOWN_HOST, user === '' ? hostname : user, path, 'ambiguous');
    case 'azblob':
      // Two accounts may have containers of one name, and the account is in a Secret.
      return password ? undefined : createPlace('azblob', host, user, path, 'ambiguous');
    case 'nfs':
    case 'cifs':
      return createPlace(scheme, host, '', path, scopeOfHost(hostname));
    default:
      return undefined;
  }
}

/** The place Harvester's Setting names; undefined when its endpoint cannot be read as one. */
export function placeOfSetting(setting: SettingSpelling): TargetPlace | undefined {
  if (setting.type === 'nfs') return placeOfUrl(`nfs://${withoutScheme(setting.endpoint)}`);
  const bucket = withoutSlashes(setting.bucketName);
  if (bucket === '') return undefined;
  if (setting.endpoint.trim() === '') return awsPlace(setting.bucketRegion, bucket);
  // An endpoint has no user: all text before an @ is a credential, even if it holds a slash.
  const location = locationOf(withoutScheme(setting.endpoint.slice(setting.endpoint.lastIndexOf('@') + 1)));
  if (location === undefined) return undefined;
  if (isAwsHost(location.hostname)) return awsPlace(location.hostname, bucket);
  const virtual = setting.virtualHostedStyle ? `${bucket.toLowerCase()}.` : '';
  const bare = (name: string): string => (name.startsWith(virtual) ? name.slice(virtual.length) : name);
  const host = [storeHost(bare(location.host)), location.path].filter((part) => part !== '').join('/');
  return createPlace('s3', host, bucket, '', scopeOfHost(bare(location.hostname)));
}

const awsPlace = (regionOrHost: string, bucket: string): TargetPlace =>
  createPlace('s3', awsPartition(regionOrHost), bucket, '', 'public');

function createPlace(
  type: TargetType,
  host: string,
  bucket: string,
  path: string,
  scope: TargetScope,
): TargetPlace {
  const target = `${type}://${[host, bucket, path].filter((part) => part !== '').join('/')}`;
  return {
    type,
    target,
    // A file server has no bucket.
    targetId: shortHash([type, host, ...(bucket === '' ? [] : [bucket]), path].join('|')),
    looseId: shortHash([bucket, path].join('|')),
    scope,
  };
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);

interface Location {
  readonly user: string;
  /** Whether there is one. Its text may be a secret and is not kept. */
  readonly password: boolean;
  /** With its port, unless that is the default of the protocol. */
  readonly host: string;
  readonly hostname: string;
  readonly path: string;
}

const DEFAULT_PORTS: ReadonlySet<string> = new Set(['', '80', '443', '2049']);

/** `user:12/34@host`: what looks like a port and a path may be a password. */
const HIDDEN_PASSWORD = /^(?:\[[^\]]*\]|[^/?#@:[])*:.*[/?#].*@/s;

/** A URL without its scheme, read by the rules of http for hosts and users; undefined when it has no host. */
function locationOf(text: string): Location | undefined {
  const address = `http://${text}`;
  if (HIDDEN_PASSWORD.test(text) || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  const path = withoutSlashes(decoded(url.pathname));
  const hostname = url.hostname.replace(/\.$/, '');
  const port = DEFAULT_PORTS.has(url.port) ? '' : `:${url.port}`;
  return {
    user: decoded(url.username),
    password: url.password !== '',
    host: `${hostname}${port}`,
    hostname,
    path,
  };
}

const withoutScheme = (text: string): string => text.trim().replace(SCHEME, '');

const withoutSlashes = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '')
    .join('/');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
