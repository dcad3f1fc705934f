import type { Bucket } from '../longhorn/bucket.ts';
import type { Machines } from '../kubevirt/machines.ts';
import { controllerErrorLine } from '../kubevirt/log-lines.ts';
import { kindKey } from '../kube-object.ts';
import { VM_BACKUPS, VOLUME_SNAPSHOTS, VOLUME_SNAPSHOT_CONTENTS } from '../objects/keys.ts';
import { VM_BACKUP_FINALIZER, vmBackupOf } from '../objects/vm-backup.ts';
import type { Site } from '../site.ts';
import { ReconcileQueue } from './reconcile-queue.ts';
import { failedStatus, inProgressStatus, metadataReadyStatus, readyStatus } from './vm-backup-status.ts';
import { initialStatus, metadataOf, sameTarget } from './vm-backup-source.ts';
import type { StoredVmBackup } from './vm-backups.ts';
import { keyOf, vmBackup, writeStatus } from './vm-backups.ts';
import type { VolumeBindingParts } from './volume-binding.ts';
import { VolumeBinding } from './volume-binding.ts';

const COMPLETED = { state: 'Completed', progress: 100 } as const;

interface BackupControllerParts extends VolumeBindingParts {
  /** undefined where no target is set. */
  readonly bucket: Bucket | undefined;
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
  readonly #binding: VolumeBinding;

  constructor(site: Site, parts: BackupControllerParts) {
    this.#site = site;
    this.#parts = parts;
    this.#binding = new VolumeBinding(site, parts);
    this.#queue = new ReconcileQueue(site.clock, (key, done) => this.#reconcile(key, done));
    this.#watch();
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

  #watch(): void {
    const { store, ledger, clock } = this.#site;
    store.subscribe(({ type, kind, object, previous }) => {
      if (kindKey(kind) !== VM_BACKUPS) return;
      if (type === 'DELETED') {
        this.#queue.forget(keyOf(object));
        return;
      }
      const { namespace = '', name, generation } = object.metadata;
      if (generation !== previous?.metadata.generation)
        ledger.note({ kind: 'vmbackup_write', namespace, vmBackup: name }, clock.now());
      this.#queue.add(keyOf(object));
    });
  }

  #reconcileOwnersOf(longhornBackup: string): void {
    for (const object of this.#site.store.list(VM_BACKUPS)) {
      const volumes = vmBackupOf(object)?.status.volumeBackups ?? [];
      if (volumes.some(({ longhornBackupName }) => longhornBackupName === longhornBackup))
        this.#queue.add(keyOf(object));
    }
  }

  #reconcile(key: string, done: (succeeded: boolean) => void): void {
    const backup = vmBackup(this.#site, key);
    if (backup === undefined) {
      done(true);
    } else if (backup.metadata.deletionTimestamp !== undefined) {
      this.#finalise(backup);
      done(true);
    } else if (backup.status.source === undefined) {
      done(this.#initialise(backup));
    } else if (backup.status.readyToUse === true) {
      this.#uploadMetadata(backup);
      done(true);
    } else {
      this.#binding.bind(key, (error) => {
        if (error === undefined) this.#updateReadiness(key);
        else this.#fail(key, error);
        done(error === undefined);
      });
    }
  }

  /** False when it cannot be begun, which is tried again. */
  #initialise(backup: StoredVmBackup): boolean {
    const status = initialStatus(this.#site, this.#parts.machines, backup);
    if (typeof status === 'string') {
      this.#fail(keyOf(backup), status);
      return false;
    }
    const { finalizers = [] } = backup.metadata;
    const all = [...new Set([...finalizers, VM_BACKUP_FINALIZER])];
    this.#site.store.apply({ ...backup, metadata: { ...backup.metadata, finalizers: all }, status });
    return true;
  }

  #updateReadiness(key: string): void {
    const backup = vmBackup(this.#site, key);
    if (backup === undefined || backup.metadata.deletionTimestamp !== undefined) return;
    const backups = (backup.status.volumeBackups ?? []).map((volume) => ({
      volume,
      // A VolumeSnapshot that was ready stays so, also when its data is gone: in 1.6 that undoes "non-ready".
      ...(volume.readyToUse === true
        ? COMPLETED
        : this.#parts.longhorn.progressOf(volume.longhornBackupName ?? '')),
    }));
    const failed = backups.find(({ state }) => state === 'Error');
    if (failed !== undefined) {
      this.#noteSnapshotError(backup, `VolumeSnapshot ${failed.volume.name} in error state`);
    } else if (backup.spec.type === 'snapshot' || backups.every(({ state }) => state === 'Completed')) {
      writeStatus(this.#site, backup, readyStatus(this.#site, backup));
    } else {
      const sum = backups.reduce((total, { progress }) => total + progress, 0);
      const mean = Math.floor(sum / Math.max(1, backups.length));
      writeStatus(this.#site, backup, inProgressStatus(this.#site, backup, mean));
    }
  }

  /** Noted once and never tried again, unlike a failed attempt. */
  #noteSnapshotError(backup: StoredVmBackup, message: string): void {
    if (backup.status.error?.message !== message) this.#fail(keyOf(backup), message);
  }

  /** Every cluster writes the file again when it is missing, even if another one deleted it on purpose. */
  #uploadMetadata(backup: StoredVmBackup): void {
    const { bucket } = this.#parts;
    if (bucket === undefined || backup.spec.type === 'snapshot' || !sameTarget(this.#site, backup)) return;
    const { namespace = '', name } = backup.metadata;
    if (!bucket.hasMetadata(namespace, name)) bucket.writeMetadata(metadataOf(backup));
    if (this.#site.release.reportsMetadataReady)
      writeStatus(this.#site, backup, metadataReadyStatus(this.#site, backup));
  }

  #finalise(backup: StoredVmBackup): void {
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
    const backup = vmBackup(this.#site, key);
    if (backup === undefined) return;
    writeStatus(this.#site, backup, failedStatus(this.#site, backup, message));
    const { clock, logs, spec } = this.#site;
    const pod = { namespace: spec.kubevirtNamespace, name: this.#parts.pod };
    logs.append(pod, 'apiserver', controllerErrorLine(clock.now(), key, message), clock.now());
  }
}
