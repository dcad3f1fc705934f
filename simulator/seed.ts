import type { BackupController } from './harvester/backup-controller.ts';
import type { Bucket, RemoteBackup } from './longhorn/bucket.ts';
import type { Longhorn } from './longhorn/longhorn.ts';
import type { Machine, Machines } from './kubevirt/machines.ts';
import { VM_BACKUPS } from './objects/keys.ts';
import { completeRestore } from './objects/restore.ts';
import { boundSnapshot } from './objects/snapshots.ts';
import type { VmBackup, VmBackupStatus } from './objects/vm-backup.ts';
import { vmBackupObject, vmBackupOf } from './objects/vm-backup.ts';
import { ago, stamp } from './site.ts';
import type { Site } from './site.ts';
import { failedStatus } from './harvester/vm-backup-status.ts';
import { importedVmBackup, initialStatus, metadataOf } from './harvester/vm-backup-source.ts';

const UPLOAD_MS = 420_000;

interface SeededBackup {
  readonly namespace: string;
  readonly vm: string;
  readonly name: string;
  /** When it was completed, in simulated milliseconds before the world began. */
  readonly ageMs: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Writes the past of one cluster: backups that were made, and loops that began, before the world did. */
export class Seed {
  readonly #site: Site;
  readonly #parts: {
    readonly machines: Machines;
    readonly longhorn: Longhorn;
    readonly bucket: Bucket | undefined;
    readonly controller: BackupController;
  };

  constructor(
    site: Site,
    parts: {
      readonly machines: Machines;
      readonly longhorn: Longhorn;
      readonly bucket: Bucket | undefined;
      readonly controller: BackupController;
    },
  ) {
    this.#site = site;
    this.#parts = parts;
  }

  /** A ready VMBackup this cluster made, with its data in the store. */
  readyBackup(seeded: SeededBackup): void {
    const backup = this.#made(seeded);
    const owner = this.#site.store.apply(backup);
    for (const volume of backup.status.volumeBackups ?? []) {
      const longhornBackup = volume.longhornBackupName ?? '';
      const { volumeName } = volume.persistentVolumeClaim.spec as { readonly volumeName: string };
      const from = { longhornBackup, longhornVolume: volumeName, imported: false };
      for (const object of boundSnapshot(this.#site, owner, volume, from)) this.#site.store.apply(object);
      this.#parts.longhorn.adopt(this.#remote(seeded, volumeName, longhornBackup));
    }
    this.#parts.bucket?.writeMetadata(metadataOf(backup));
  }

  /**
   * A VMBackup re-imported from metadata whose data is gone, which has been failing for long. Its metadata is in the
   * bucket, put back by the cluster that shares it. The next attempt comes after `dueInMs`.
   */
  failingImport(seeded: SeededBackup, dueInMs: number): void {
    const made = this.#made(seeded);
    const metadata = metadataOf(made);
    this.#parts.bucket?.writeMetadata(metadata);
    const imported = importedVmBackup(metadata);
    const missing = metadata.volumeBackups[0]?.longhornBackupName ?? '';
    const failed = failedStatus(this.#site, imported, `backups.longhorn.io "${missing}" not found`);
    const at = stamp(this.#site, ago(this.#site, seeded.ageMs));
    const conditions = (failed.conditions ?? []).map((condition) => ({
      ...condition,
      [this.#site.release.conditionTime]: at,
    }));
    this.#site.store.apply({
      ...imported,
      metadata: {
        ...imported.metadata,
        creationTimestamp: wholeSeconds(at),
        // Each hour of the loop wrote it about thirty times.
        generation: 1 + Math.round((seeded.ageMs / 3_600_000) * 30),
        annotations: { 'harvesterhci.io/snapshotFreezeFS': 'true' },
      },
      status: { ...failed, conditions },
    });
    this.#parts.controller.resumeFailing(seeded.namespace, seeded.name, dueInMs);
  }

  /** A restore of the newest backup of a VM into a new one, to see whether it can be read back. */
  verifiedRestore(namespace: string, vm: string, ageMs: number): void {
    const { store } = this.#site;
    const backups = store
      .list(VM_BACKUPS, namespace)
      .filter((object) => vmBackupOf(object)?.spec.source.name === vm);
    const newest = backups.at(-1)?.metadata.name;
    if (newest === undefined) throw new Error(`there is no backup of ${namespace}/${vm} to restore`);
    const restoredAt = stamp(this.#site, ago(this.#site, ageMs));
    store.apply(
      completeRestore({
        namespace,
        name: `restore-${vm}`,
        vmBackup: newest,
        newVm: `${vm}-check`,
        restoredAt,
      }),
    );
  }

  #made(seeded: SeededBackup): VmBackup {
    const { namespace, vm, name, ageMs, labels = {}, annotations = {} } = seeded;
    const machine = this.#machine(namespace, vm);
    const started = stamp(this.#site, ago(this.#site, ageMs + UPLOAD_MS));
    const completed = stamp(this.#site, ago(this.#site, ageMs));
    const object = vmBackupObject(
      {
        name,
        namespace,
        creationTimestamp: wholeSeconds(started),
        generation: 12,
        labels,
        annotations: {
          ...annotations,
          'harvesterhci.io/snapshotFreezeFS': String(machine.vm.agent && machine.vm.running),
        },
      },
      vm,
      'backup',
    );
    const status = initialStatus(this.#site, this.#parts.machines, object);
    if (typeof status === 'string') throw new Error(`cannot seed ${name}: ${status}`);
    return { ...object, status: this.#completed(status, completed) };
  }

  #completed(status: VmBackupStatus, at: string): VmBackupStatus {
    const time = { [this.#site.release.conditionTime]: at };
    const metadataReady = { type: 'MetadataReady', status: 'True', ...time } as const;
    return {
      ...status,
      readyToUse: true,
      progress: 100,
      creationTime: at,
      volumeBackups: (status.volumeBackups ?? []).map((volume) => ({
        ...volume,
        longhornBackupName: `backup-${this.#site.random.hex(16)}`,
        progress: 100,
        readyToUse: true,
        creationTime: at,
      })),
      conditions: [
        { type: 'InProgress', status: 'False', message: 'Operation complete', ...time },
        { type: 'Ready', status: 'True', message: 'Operation complete', ...time },
        ...(this.#site.release.reportsMetadataReady ? [metadataReady] : []),
      ],
    };
  }

  #remote({ namespace, vm, ageMs }: SeededBackup, volume: string, name: string): RemoteBackup {
    const disk = this.#machine(namespace, vm).disks.find((candidate) => candidate.volume === volume);
    return {
      name,
      volume,
      snapshotName: `snapshot-${this.#site.random.uid()}`,
      snapshotCreatedAt: stamp(this.#site, ago(this.#site, ageMs + UPLOAD_MS)),
      createdAt: stamp(this.#site, ago(this.#site, ageMs)),
      sizeBytes: disk?.sizeBytes ?? 0,
      labels: { KubernetesStatus: JSON.stringify({ pvName: volume, namespace, pvcName: disk?.claim ?? '' }) },
    };
  }

  #machine(namespace: string, name: string): Machine {
    const machine = this.#parts.machines.get(namespace, name);
    if (machine === undefined) throw new Error(`there is no VM ${namespace}/${name} to seed a backup of`);
    return machine;
  }
}

/** The API server stamps creations in whole seconds, however fast the world runs. */
const wholeSeconds = (at: string): string => at.replace(/\.\d+Z$/, 'Z');
