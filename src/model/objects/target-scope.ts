/**
 * Where a name means the same place. `public`: everywhere. `private` (a site's own network or names) and `cluster` (a
 * cluster's own Services): only there, so equal names may be two stores. `ambiguous`: the name is not enough.
 */
export type TargetScope = 'public' | 'private' | 'cluster' | 'ambiguous';

const PRIVATE_SUFFIX = /\.(?:local|lan|internal|intranet|corp|home|home\.arpa|localdomain|localhost|test)$/;
const CLUSTER_SUFFIX = /\.(?:svc|svc\.cluster\.local|cluster\.local)$/;
/** Top-level domains that are not used as names of namespaces. */
const OLD_DOMAIN = /\.(?:com|net|org|info|biz|edu|gov|mil|int|[a-z]{2})$/;
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^\[(?:::1?\]|f[cd]|fe[89ab])/;

/** The scope of a lower-case host name or address, IPv6 in brackets. */
export function scopeOfHost(hostname: string): TargetScope {
  if (hostname.startsWith('[')) return PRIVATE_IPV6.test(hostname) ? 'private' : 'public';
  if (/^\d+(?:\.\d+){3}$/.test(hostname)) return PRIVATE_IPV4.test(hostname) ? 'private' : 'public';
  if (CLUSTER_SUFFIX.test(hostname)) return 'cluster';
  const labels = hostname.split('.').length;
  if (labels === 1 || PRIVATE_SUFFIX.test(hostname)) return 'private';
  // `minio.backup` is a Service in a namespace. A public domain taken for one is still compared by its
  // fingerprint; the reverse would report two clusters' own stores as one.
  return labels === 2 && !OLD_DOMAIN.test(hostname) ? 'cluster' : 'public';
}
