import type { Bucket, VmBackupMetadata } from '../longhorn/bucket.ts';
import { kindKey } from '../kube-object.ts';
import type { Longhorn } from '../longhorn/longhorn.ts';
import { backupTargetSetting } from '../objects/harvester-settings.ts';
import { HARVESTER_SETTINGS, NAMESPACES, VM_BACKUPS } from '../objects/keys.ts';
import { vmBackupOf } from '../objects/vm-backup.ts';
import { stamp } from '../site.ts';
import type { Site } from '../site.ts';
import { nonReadyStatus } from './vm-backup-status.ts';
import { importedVmBackup, sameTarget } from './vm-backup-source.ts';

/**
 * Harvester's import of what the backup target holds (pkg/controller/master/backup/backup_metadata.go): up to 1.4.1
 * with every event of the Setting, the ten-hourly resync included; later at its refresh interval and when it changes.
 */
export class TargetImport {
  readonly #site: Site;
  readonly #bucket: Bucket;
  readonly #longhorn: Longhorn;

  constructor(site: Site, bucket: Bucket, longhorn: Longhorn) {
    this.#site = site;
    this.#bucket = bucket;
    this.#longhorn = longhorn;
    const { target, resyncMs, firstResyncMs } = site.spec;
    if (target === undefined) return;
    if (site.release.importsOnEveryResync) {
      site.clock.after(firstResyncMs, () => {
        this.run();
        site.clock.every(resyncMs, () => this.run());
      });
    } else if (target.refreshIntervalMs > 0) {
      site.clock.every(target.refreshIntervalMs, () => this.run());
    }
    // A change of the Setting by a user counts in every release; the controller's own notes on it do not.
    site.store.subscribe(({ type, kind, object, previous }) => {
      const ours = kindKey(kind) === HARVESTER_SETTINGS && object.metadata.name === 'backup-target';
      if (ours && type === 'MODIFIED' && object.value !== previous?.value) this.run();
    });
  }

  /** Imports every VMBackup the target names and this cluster lacks, and looks up the ready ones where that is done. */
  run(): void {
    for (const metadata of this.#bucket.metadata()) if (this.#mayImport(metadata)) this.#import(metadata);
    if (this.#site.release.rechecksReady && (this.#site.spec.target?.refreshIntervalMs ?? 0) > 0)
      this.#recheck();
    if (!this.#site.release.importsOnEveryResync)
      this.#site.store.patch(HARVESTER_SETTINGS, '', 'backup-target', (setting) => ({
        ...setting,
        metadata: {
          ...setting.metadata,
          annotations: {
            ...setting.metadata.annotations,
            'harvesterhci.io/lastRefreshTime': stamp(this.#site),
          },
        },
      }));
  }

  #mayImport({ namespace, name, volumeBackups }: VmBackupMetadata): boolean {
    if (this.#site.store.get(VM_BACKUPS, namespace, name) !== undefined) return false;
    if (!this.#site.release.checksBeforeImport) return true;
    return volumeBackups.every(({ longhornBackupName }) => this.#isWhole(longhornBackupName));
  }

  #import(metadata: VmBackupMetadata): void {
    const { store } = this.#site;
    if (store.get(NAMESPACES, '', metadata.namespace) === undefined)
      store.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: metadata.namespace },
        status: { phase: 'Active' },
      });
    store.apply(importedVmBackup(metadata));
  }

  /** The data is in the store, and Longhorn knows it here. */
  #isWhole(longhornBackup: string): boolean {
    const here = this.#longhorn.backup(longhornBackup);
    const volume = here?.metadata.labels?.['backup-volume'] ?? '';
    return here !== undefined && this.#bucket.backup(volume, longhornBackup) !== undefined;
  }

  #recheck(): void {
    for (const object of this.#site.store.list(VM_BACKUPS)) {
      const backup = vmBackupOf(object);
      if (
        backup?.spec.type !== 'backup' ||
        backup.status.readyToUse !== true ||
        !sameTarget(this.#site, backup)
      )
        continue;
      const missing = (backup.status.volumeBackups ?? []).find(
        ({ longhornBackupName = '' }) => !this.#isWhole(longhornBackupName),
      );
      if (missing === undefined) continue;
      const reason = `cannot find longhorn backup ${missing.longhornBackupName ?? ''} in the backup target`;
      const { namespace = '', name } = object.metadata;
      this.#site.store.patch(VM_BACKUPS, namespace, name, (current) => ({
        ...current,
        status: nonReadyStatus(this.#site, backup, reason),
      }));
    }
  }
}

/** The Setting as the cluster starts with it. */
export const initialTargetSetting = (site: Site) =>
  backupTargetSetting(site, site.spec.target === undefined ? undefined : stamp(site));
