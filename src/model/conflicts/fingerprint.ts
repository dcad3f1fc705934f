import { createHash } from 'node:crypto';
import type { BackupVolume } from '../objects/longhorn.ts';

/** How many hashes stand for a store. */
export const FINGERPRINT_SLOTS = 8;

/**
 * What a store holds, in a few hashes: the smallest of the SHA-256 hashes of the names of all its volumes, in order,
 * 16 hex digits each. Clusters that mirror one store get the same, under any name of the store; as volume names are
 * random, stores with six of eight in common are one (or a replica).
 */
export function fingerprint(volumes: Iterable<BackupVolume>): readonly string[] {
  const hashes = new Set(Array.from(volumes, ({ volume }) => hashOf(volume)));
  return [...hashes].sort().slice(0, FINGERPRINT_SLOTS);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16);
