import { type ClusterView, perView } from '../view.ts';

/** Which volumes of a backup store are this cluster's. */
export interface OwnVolumes {
  /** Names of volumes that are or were here: backups of another volume were made elsewhere. */
  readonly known: ReadonlySet<string>;
  /** Volumes of elsewhere that were restored here: taken over on purpose, although another may still write them. */
  readonly adopted: ReadonlySet<string>;
  /** Every kind that names a volume was listed. Before that, the cluster's own volumes look foreign. */
  readonly complete: boolean;
}

/**
 * The names are those of Longhorn's volumes and PersistentVolumes, and what outlives them: the backups and VMBackups
 * this cluster made of them.
 */
export const ownVolumes: (view: ClusterView) => OwnVolumes = perView((view) => {
  const { longhornVolumes, persistentVolumes, longhornBackups, vmBackups } = view;
  const known = new Set<string>();
  const adopted = new Set<string>();
  for (const { name, restoredFrom } of longhornVolumes) {
    known.add(name);
    if (restoredFrom !== undefined) adopted.add(restoredFrom);
  }
  for (const { longhornVolume } of persistentVolumes)
    if (longhornVolume !== undefined) known.add(longhornVolume);
  for (const { native, volume } of longhornBackups) if (native) known.add(volume);
  for (const { imported, volumes } of vmBackups) {
    if (!imported) for (const { volume } of volumes) if (volume !== undefined) known.add(volume);
  }
  const complete = [longhornVolumes, persistentVolumes, longhornBackups, vmBackups].every(
    ({ available }) => available,
  );
  return { known, adopted, complete };
});
