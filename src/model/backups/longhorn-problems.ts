import type { LonghornBackup } from '../objects/longhorn.ts';
import { type ClusterView, perView } from '../view.ts';
import { claimOfBackup, vmByClaim } from './volume-owners.ts';

/** Failed Longhorn Backups that are named, at most: a failing target fails every volume's. */
export const DETAILED_LONGHORN_BACKUPS = 200;

export interface LonghornProblem {
  readonly backup: LonghornBackup;
  /** Of its claim, or of Longhorn where it has none. */
  readonly namespace: string;
  /** Empty when no VM uses the volume's claim now. */
  readonly vm: string;
}

/** Longhorn Backups in state Error or Unknown, the newest first. */
export const longhornProblems: (view: ClusterView) => readonly LonghornProblem[] = perView((view) =>
  Array.from(view.longhornBackups)
    .filter(({ state }) => state === 'Error' || state === 'Unknown')
    .sort((a, b) => (b.createdMs ?? 0) - (a.createdMs ?? 0))
    .slice(0, DETAILED_LONGHORN_BACKUPS)
    .map((backup) => {
      const claim = claimOfBackup(view, backup);
      const vm = claim === undefined ? undefined : vmByClaim(view).get(`${claim.namespace}/${claim.name}`);
      return { backup, namespace: claim?.namespace ?? backup.namespace, vm: vm ?? '' };
    }),
);
