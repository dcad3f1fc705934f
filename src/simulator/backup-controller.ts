import type { Bucket } from './bucket.ts';
import type { Guest } from './guest.ts';
import type { StoredObject } from './kube-object.ts';
import { controllerErrorLine } from './log-lines.ts';
import type { Longhorn } from './longhorn.ts';
import { VM_BACKUPS, VOLUME_SNAPSHOTS, VOLUME_SNAPSHOT_CONTENTS } from './objects/keys.ts';
import { boundSnapshot } from './objects/snapshots.ts';
import type { VmBackup, VmBackupStatus, VolumeBackup } from './objects/vm-backup.ts';
import { vmBackupOf } from './objects/vm-backup.ts';
import { ReconcileQueue } from './reconcile-queue.ts';
import type { Site } from './site.ts';
import { failedStatus, inProgressStatus, metadataReadyStatus, readyStatus } from './vm-backup-status.ts';
import { initialStatus, metadataOf, sameTarget } from './vm-backup-source.ts';
import type { VirtApi } from './virt-api.ts';
import type { Machines } from './machines.ts';

const FREEZE_ANNOTATION = 'harvesterhci.io/snapshotFreezeFS';
type Backup = VmBackup & StoredObject;

export interface BackupControllerParts {
  readonly bucket: Bucket | undefined;
  readonly longhorn: Longhorn;
  readonly api: VirtApi;
  readonly guests: ReadonlyMap<string, Guest>;
  readonly machines: Machines;
  /** The pod that writes the controller's log. */
  readonly pod: string;
}

/**
 * Harvester's controller of VMBackups (pkg/controller/master/backup/backup.go), as far as its behaviour can be seen:
 * what it freezes, writes and uploads, and how it retries.
 */
export class BackupController {
  readonly #site: Site;
  readonly #parts: BackupControllerParts;
  readonly #queue: ReconcileQueue;

  constructor(site: Site, parts: BackupControllerParts) {
    this.#site = site;
    this.#parts = parts;
    this.#queue = new ReconcileQueue(site.clock, (key, done) => this.#reconcile(key, done));
    site.store.subscribe(({ type, kind, object, previous }) => {
      if (kind.plural !== 'virtualmachinebackups') return;
      const key = keyOf(object);
      if (type === 'DELETED') {
        this.#queue.forget(key);
        return;
      }
      const { namespace = '', name, generation } = object.metadata;
      if (generation !== previous?.metadata.generation)
        site.ledger.note({ kind: 'vmbackup_write', namespace, vmBackup: name }, site.clock.now());
      this.#queue.add(key);
    });
    parts.longhorn.onChange((backup) => this.#reconcileOwnersOf(backup));
    site.clock.after(site.spec.firstResyncMs, () => {
      this.resync();
      site.clock.every(site.spec.resyncMs, () => this.resync());
    });
  }

  /** Reconciles every VMBackup, as the periodic resync and each start of the controller do. */
  resync(): void {
    for (const object of this.#site.store.list(VM_BACKUPS)) this.#queue.add(keyOf(object));
  }

  /** Continues the loop of a VMBackup that has long been failing. */
  resumeFailing(namespace: string, name: string, dueInMs: number): void {
    this.#queue.resumeFailing(`${namespace}/${name}`, dueInMs);
  }

  #reconcileOwnersOf(longhornBackup: string): void {
    for (const object of this.#site.store.list(VM_BACKUPS)) {
      const volumes = vmBackupOf(object)?.status.volumeBackups ?? [];
      if (volumes.some(({ longhornBackupName }) => longhornBackupName === longhornBackup))
        this.#queue.add(keyOf(object));
    }
  }

  #reconcile(key: string, done: (succeeded: boolean) => void): void {
    const backup = this.#get(key);
    if (backup === undefined) {
      done(true);
      return;
    }
    if (backup.metadata.deletionTimestamp !== undefined) {
      this.#finalise(backup);
      done(true);
      return;
    }
    if (backup.status.source === undefined) {
      this.#initialise(backup, done);
      return;
    }
    if (backup.status.readyToUse === true) {
      this.#uploadMetadata(backup);
      done(true);
      return;
    }
    this.#bind(key, 0, (error) => {
      if (error === undefined) this.#updateReadiness(key);
      else this.#fail(key, error);
      done(error === undefined);
    });
  }

  #initialise(backup: Backup, done: (succeeded: boolean) => void): void {
    const status = initialStatus(this.#site, this.#parts.machines, backup);
    if (typeof status === 'string') this.#fail(keyOf(backup), status);
    else this.#write(backup, status);
    done(typeof status !== 'string');
  }

  /** Gives each volume its VolumeSnapshot, in order; `done` gets the text of the first error. */
  #bind(key: string, index: number, done: (error: string | undefined) => void): void {
    const backup = this.#get(key);
    const volume = backup?.status.volumeBackups?.[index];
    if (backup === undefined || volume === undefined) {
      done(undefined);
      return;
    }
    const { namespace = '' } = backup.metadata;
    if (this.#site.store.get(VOLUME_SNAPSHOTS, namespace, volume.name) !== undefined) {
      this.#bind(key, index + 1, done);
      return;
    }
    this.#freezeFirst(backup, volume, (frozen) => {
      const current = this.#get(key);
      // Deleted while the guest was freezing: nothing is written any more.
      if (current === undefined || current.metadata.deletionTimestamp !== undefined) {
        done(undefined);
        return;
      }
      const error = frozen
        ? this.#createSnapshot(current, volume)
        : 'failed to freeze file system: Internal error occurred: unexpected return code 500 (500 Internal Server Error)';
      if (error === undefined) this.#bind(key, index + 1, done);
      else done(error);
    });
  }

  /** Up to 1.4 before anything else is looked at; from 1.5 only while no Longhorn backup is known. */
  #freezeFirst(backup: Backup, volume: VolumeBackup, then: (frozen: boolean) => void): void {
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
  #wantsFreeze(backup: Backup, guest: Guest | undefined): boolean {
    const annotation = backup.metadata.annotations?.[FREEZE_ANNOTATION];
    if (this.#site.release.freezesBeforeBinding && annotation !== undefined) return annotation === 'true';
    const wanted = guest?.vm.agent === true;
    this.#site.store.patch(VM_BACKUPS, backup.metadata.namespace ?? '', backup.metadata.name, (object) => ({
      ...object,
      metadata: {
        ...object.metadata,
        annotations: { ...object.metadata.annotations, [FREEZE_ANNOTATION]: String(wanted) },
      },
    }));
    return wanted;
  }

  #createSnapshot(backup: Backup, volume: VolumeBackup): string | undefined {
    const { longhorn } = this.#parts;
    const claimed = volume.persistentVolumeClaim.spec as { readonly volumeName: string };
    const imported = volume.longhornBackupName !== undefined;
    if (volume.longhornBackupName !== undefined && longhorn.backup(volume.longhornBackupName) === undefined)
      return `backups.longhorn.io "${volume.longhornBackupName}" not found`;
    const longhornBackup =
      volume.longhornBackupName ??
      longhorn.startBackup(toBackUp(backup, volume), `snapshot-${this.#site.random.uid()}`);
    const from = { longhornBackup, longhornVolume: claimed.volumeName, imported };
    for (const object of boundSnapshot(this.#site, backup, volume, from)) this.#site.store.apply(object);
    if (!imported) this.#setVolume(backup, { ...volume, longhornBackupName: longhornBackup });
    return undefined;
  }

  #setVolume(backup: Backup, volume: VolumeBackup): void {
    const current = this.#get(keyOf(backup));
    if (current === undefined) return;
    const volumeBackups = (current.status.volumeBackups ?? []).map((other) =>
      other.name === volume.name ? volume : other,
    );
    this.#write(current, { ...current.status, volumeBackups });
  }

  #updateReadiness(key: string): void {
    const backup = this.#get(key);
    if (backup === undefined || backup.metadata.deletionTimestamp !== undefined) return;
    const backups = (backup.status.volumeBackups ?? []).map((volume) => {
      const status = this.#parts.longhorn.backup(volume.longhornBackupName ?? '')?.status as
        { readonly state?: string; readonly progress?: number } | undefined;
      return { volume, state: status?.state ?? '', progress: status?.progress ?? 0 };
    });
    const failed = backups.find(({ state }) => state === 'Error');
    if (failed !== undefined) {
      this.#noteSnapshotError(key, backup, `VolumeSnapshot ${failed.volume.name} in error state`);
      return;
    }
    // A snapshot is kept in the cluster: it is ready at once.
    if (backup.spec.type === 'snapshot' || backups.every(({ state }) => state === 'Completed')) {
      this.#write(backup, readyStatus(this.#site, backup));
    } else {
      const sum = backups.reduce((total, { progress }) => total + progress, 0);
      this.#write(
        backup,
        inProgressStatus(this.#site, backup, Math.floor(sum / Math.max(1, backups.length))),
      );
    }
  }

  /** Unlike a failed attempt it is noted once: nothing is tried again, and nothing loops. */
  #noteSnapshotError(key: string, backup: Backup, message: string): void {
    if (backup.status.error?.message !== message) this.#fail(key, message);
  }

  /** Whoever finds the file missing writes it, also where another cluster deleted it on purpose. */
  #uploadMetadata(backup: Backup): void {
    const { bucket } = this.#parts;
    if (bucket === undefined || backup.spec.type === 'snapshot' || !sameTarget(this.#site, backup)) return;
    const { namespace = '', name } = backup.metadata;
    if (!bucket.hasMetadata(namespace, name)) bucket.writeMetadata(metadataOf(backup));
    if (this.#site.release.reportsMetadataReady) this.#write(backup, metadataReadyStatus(this.#site, backup));
  }

  #finalise(backup: Backup): void {
    const { bucket, longhorn } = this.#parts;
    const { namespace = '', name } = backup.metadata;
    const { store } = this.#site;
    const ours = sameTarget(this.#site, backup);
    if (ours) bucket?.deleteMetadata(namespace, name);
    for (const volume of backup.status.volumeBackups ?? []) {
      const snapshot = store.get(VOLUME_SNAPSHOTS, namespace, volume.name);
      if (snapshot === undefined) continue;
      const { boundVolumeSnapshotContentName: content = '' } = snapshot.status as {
        readonly boundVolumeSnapshotContentName?: string;
      };
      store.remove(VOLUME_SNAPSHOTS, namespace, volume.name);
      store.remove(VOLUME_SNAPSHOT_CONTENTS, '', content);
      // Deletion policy Delete: the data goes with the content, whichever cluster made it.
      if (ours && volume.longhornBackupName !== undefined) longhorn.deleteBackup(volume.longhornBackupName);
    }
    store.patch(VM_BACKUPS, namespace, name, (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
  }

  #fail(key: string, message: string): void {
    const backup = this.#get(key);
    if (backup === undefined) return;
    this.#write(backup, failedStatus(this.#site, backup, message));
    const { clock, logs, spec } = this.#site;
    logs.append(
      { namespace: spec.kubevirtNamespace, name: this.#parts.pod },
      'apiserver',
      controllerErrorLine(clock.now(), key, message),
      clock.now(),
    );
  }

  #get(key: string): Backup | undefined {
    const [namespace = '', name = ''] = key.split('/');
    return vmBackupOf(this.#site.store.get(VM_BACKUPS, namespace, name));
  }

  #write(backup: Backup, status: VmBackupStatus): void {
    this.#site.store.patch(VM_BACKUPS, backup.metadata.namespace ?? '', backup.metadata.name, (object) => ({
      ...object,
      status,
    }));
  }
}

const keyOf = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

const toBackUp = (backup: Backup, { persistentVolumeClaim, volumeSize }: VolumeBackup) => ({
  volume: (persistentVolumeClaim.spec as { readonly volumeName: string }).volumeName,
  sizeBytes: volumeSize,
  namespace: backup.metadata.namespace ?? '',
  claim: persistentVolumeClaim.metadata.name,
});
