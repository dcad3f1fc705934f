import type { Guest } from '../kubevirt/guest.ts';
import type { VirtApi } from '../kubevirt/virt-api.ts';
import type { Longhorn } from '../longhorn/longhorn.ts';
import { VOLUME_SNAPSHOTS } from '../objects/keys.ts';
import { boundSnapshot } from '../objects/snapshots.ts';
import type { VolumeBackup } from '../objects/vm-backup.ts';
import type { Site } from '../site.ts';
import type { StoredVmBackup } from './vm-backups.ts';
import { annotate, vmBackup, writeStatus } from './vm-backups.ts';

const FREEZE_ANNOTATION = 'harvesterhci.io/snapshotFreezeFS';
const FREEZE_FAILED =
  'failed to freeze file system: Internal error occurred: unexpected return code 500 (500 Internal Server Error)';

export interface VolumeBindingParts {
  readonly longhorn: Longhorn;
  readonly api: VirtApi;
  readonly guests: ReadonlyMap<string, Guest>;
}

/** Gives the volumes of a VMBackup their VolumeSnapshots (Harvester bk/backup.go reconcileVolumeSnapshots). */
export class VolumeBinding {
  readonly #site: Site;
  readonly #parts: VolumeBindingParts;

  constructor(site: Site, parts: VolumeBindingParts) {
    this.#site = site;
    this.#parts = parts;
  }

  /** Binds one volume after the other, from `index` on; `done` gets the text of the first error, or undefined. */
  bind(key: string, done: (error: string | undefined) => void, index = 0): void {
    const backup = vmBackup(this.#site, key);
    const volume = backup?.status.volumeBackups?.[index];
    if (backup === undefined || volume === undefined) {
      done(undefined);
      return;
    }
    if (this.#site.store.get(VOLUME_SNAPSHOTS, backup.metadata.namespace ?? '', volume.name) !== undefined) {
      this.bind(key, done, index + 1);
      return;
    }
    this.#freezeFirst(backup, volume, (frozen) => {
      const current = vmBackup(this.#site, key);
      // Deleted while the guest was freezing: nothing is written any more.
      if (current === undefined || current.metadata.deletionTimestamp !== undefined) {
        done(undefined);
        return;
      }
      const error = frozen ? this.#createSnapshot(current, volume) : FREEZE_FAILED;
      if (error === undefined) this.bind(key, done, index + 1);
      else done(error);
    });
  }

  /** Up to 1.4 before anything else is looked at; from 1.5 only while no Longhorn backup is known. */
  #freezeFirst(backup: StoredVmBackup, volume: VolumeBackup, then: (frozen: boolean) => void): void {
    const { namespace = '' } = backup.metadata;
    const guest = this.#parts.guests.get(`${namespace}/${backup.spec.source.name}`);
    const skipped = !this.#site.release.freezesBeforeBinding && volume.longhornBackupName !== undefined;
    if (skipped || !this.#wantsFreeze(backup, guest) || guest === undefined) {
      then(true);
      return;
    }
    this.#parts.api.call('freeze', { namespace, name: guest.vm.name }, (answer) =>
      then(answer === 'success'),
    );
  }

  /** The annotation is decided once up to 1.4, and anew at each attempt from 1.5 on. */
  #wantsFreeze(backup: StoredVmBackup, guest: Guest | undefined): boolean {
    const annotation = backup.metadata.annotations?.[FREEZE_ANNOTATION];
    if (this.#site.release.freezesBeforeBinding && annotation !== undefined) return annotation === 'true';
    const wanted = guest?.vm.agent === true;
    annotate(this.#site, backup, { [FREEZE_ANNOTATION]: String(wanted) });
    return wanted;
  }

  #createSnapshot(backup: StoredVmBackup, volume: VolumeBackup): string | undefined {
    const { longhorn } = this.#parts;
    const { longhornBackupName: known } = volume;
    if (known !== undefined && longhorn.backup(known) === undefined)
      return `backups.longhorn.io "${known}" not found`;
    // A backup of type snapshot stays in the cluster: nothing is uploaded.
    const made =
      known === undefined && backup.spec.type === 'backup' ? this.#startBackup(backup, volume) : known;
    const { volumeName } = volume.persistentVolumeClaim.spec as { readonly volumeName: string };
    const from = { longhornBackup: made ?? '', longhornVolume: volumeName, imported: known !== undefined };
    for (const object of boundSnapshot(this.#site, backup, volume, from)) this.#site.store.apply(object);
    if (made !== undefined && known === undefined)
      this.#note(backup, { ...volume, longhornBackupName: made });
    return undefined;
  }

  #startBackup({ metadata }: StoredVmBackup, { persistentVolumeClaim, volumeSize }: VolumeBackup): string {
    const source = {
      volume: (persistentVolumeClaim.spec as { readonly volumeName: string }).volumeName,
      sizeBytes: volumeSize,
      namespace: metadata.namespace ?? '',
      claim: persistentVolumeClaim.metadata.name,
    };
    return this.#parts.longhorn.startBackup(source, `snapshot-${this.#site.random.uid()}`);
  }

  #note(backup: StoredVmBackup, volume: VolumeBackup): void {
    const { volumeBackups = [] } = backup.status;
    const noted = volumeBackups.map((other) => (other.name === volume.name ? volume : other));
    writeStatus(this.#site, backup, { ...backup.status, volumeBackups: noted });
  }
}
