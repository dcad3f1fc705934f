import { LONGHORN_BACKUP_STATES, type LonghornBackup } from '../model/objects/longhorn.ts';
import type { Claim } from '../model/objects/kubernetes-status.ts';
import { type ClusterView, perView } from '../model/view.ts';
import { family } from './family.ts';

/** Failed Longhorn Backups with series of their own, at most: a failing target fails every volume's. */
const DETAILED_LONGHORN_BACKUPS = 200;

const originOf = ({ native }: LonghornBackup): 'native' | 'pulled' => (native ? 'native' : 'pulled');

export const longhornBackups = family({
  name: 'harvester_longhorn_backups',
  type: 'gauge',
  help: 'Longhorn Backups by state; native: made by this cluster, pulled: mirrored from the store.',
  labels: ['state', 'origin'],
  *observe({ longhornBackups: backups }) {
    if (!backups.available) return;
    const counts = new Map<string, number>();
    for (const backup of backups) {
      const key = `${backup.state}/${originOf(backup)}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    for (const state of LONGHORN_BACKUP_STATES) {
      for (const origin of ['native', 'pulled'] as const) {
        yield { labels: { state, origin }, value: counts.get(`${state}/${origin}`) ?? 0 };
      }
    }
  },
});

/** The VM that uses each PersistentVolumeClaim, by `namespace/claim`. */
const vmByClaim: (view: ClusterView) => ReadonlyMap<string, string> = perView(
  ({ virtualMachines }) =>
    new Map(
      Array.from(virtualMachines).flatMap(({ namespace, name, claims }) =>
        claims.map((claim) => [`${namespace}/${claim}`, name] as const),
      ),
    ),
);

/** The claim that has each Longhorn volume now. */
const claimByVolume: (view: ClusterView) => ReadonlyMap<string, Claim> = perView(
  ({ persistentVolumes }) =>
    new Map(
      Array.from(persistentVolumes).flatMap(({ longhornVolume, claim }) =>
        longhornVolume === undefined || claim === undefined ? [] : [[longhornVolume, claim] as const],
      ),
    ),
);

export const longhornBackupProblem = family({
  name: 'harvester_longhorn_backup_problem',
  type: 'gauge',
  help: `Constant 1 for a Longhorn Backup in state Error or Unknown; vm is empty when no VM uses the volume's claim now. At most ${DETAILED_LONGHORN_BACKUPS} have it, the newest first.`,
  labels: ['backup', 'volume', 'namespace', 'vm', 'state'],
  *observe(view) {
    const broken = Array.from(view.longhornBackups)
      .filter(({ state }) => state === 'Error' || state === 'Unknown')
      .sort((a, b) => (b.createdMs ?? 0) - (a.createdMs ?? 0))
      .slice(0, DETAILED_LONGHORN_BACKUPS);
    for (const { name: backup, volume, claim: noted, state, namespace } of broken) {
      // Longhorn notes the claim of a backup with its completion: one that failed has none.
      const claim = noted ?? claimByVolume(view).get(volume);
      const vm = claim === undefined ? undefined : vmByClaim(view).get(`${claim.namespace}/${claim.name}`);
      const labels = { backup, volume, namespace: claim?.namespace ?? namespace, vm: vm ?? '', state };
      yield { labels, value: 1 };
    }
  },
});
