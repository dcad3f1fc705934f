import { compareVersions } from '../versions.ts';

/** The known leak of a virt-handler: by version, so a suspicion; a vendor's build may carry the fix. */
export type Leak = 'per_freeze' | 'per_freeze_softened' | 'client_race' | 'none' | 'unknown';

/** `1.2.2` of `1.2.2-150500.8.21.1`, `v1.2.2` or an image ending in either; undefined for a digest or a branch. */
export function kubevirtVersion(tagOrImage: string): string | undefined {
  const tag = /^[^@]*:([^:/@]+)(?:@.*)?$/.exec(tagOrImage)?.[1] ?? tagOrImage;
  return /^v?(\d+\.\d+\.\d+)(?:[-+].*)?$/.exec(tag)?.[1];
}

/**
 * KubeVirt pkg/virt-handler/rest/lifecycle.go: no release closes the client of a freeze before 1.5.3, nor does 1.6.0;
 * gRPC's idle timeout softens it from 1.4.0. pkg/virt-handler launcher-clients: 1.6.0 to 1.8.3 lose clients in a race.
 */
export function leakOf(version: string | undefined): Leak {
  if (version === undefined) return 'unknown';
  const before = (other: string): boolean => compareVersions(version, other) < 0;
  if (before('1.4.0')) return 'per_freeze';
  if (before('1.5.3') || version === '1.6.0') return 'per_freeze_softened';
  return !before('1.6.0') && before('1.8.4') ? 'client_race' : 'none';
}

/** Whether a freeze leaks a client for good or for a while. Unknown counts as leaking. */
export const leaksPerFreeze = (leak: Leak): boolean => leak !== 'none' && leak !== 'client_race';
