/** One backup of one volume, as `backup_<name>.cfg` describes it. Nothing in it names the cluster that wrote it. */
export interface RemoteBackup {
  readonly name: string;
  readonly volume: string;
  readonly snapshotName: string;
  readonly snapshotCreatedAt: string;
  /** Empty while the upload runs. */
  readonly createdAt: string;
  readonly sizeBytes: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** `harvester/vmbackups/<namespace>/<name>.cfg`: what a VMBackup is imported from (Harvester bk/backup_metadata.go). */
export interface VmBackupMetadata {
  readonly namespace: string;
  readonly name: string;
  readonly spec: unknown;
  readonly source: unknown;
  readonly volumeBackups: readonly VolumeBackupMetadata[];
  readonly secretBackups: unknown;
  readonly backupTarget: unknown;
}

interface VolumeBackupMetadata {
  readonly name: string;
  readonly volumeName: string;
  readonly longhornBackupName: string;
  readonly persistentVolumeClaim: unknown;
  readonly volumeSize: number;
}

/** The contents of one bucket. It does not record who reads or writes it, which is the cause of the incident. */
export class Bucket {
  readonly #volumes = new Map<
    string,
    { readonly createdAt: string; readonly backups: Map<string, RemoteBackup> }
  >();
  readonly #metadata = new Map<string, VmBackupMetadata>();

  /** The names of the volumes with a `volume.cfg`, and since when. */
  volumes(): readonly { readonly name: string; readonly createdAt: string }[] {
    return Array.from(this.#volumes, ([name, { createdAt }]) => ({ name, createdAt }));
  }

  backupsOf(volume: string): readonly RemoteBackup[] {
    return [...(this.#volumes.get(volume)?.backups.values() ?? [])];
  }

  backup(volume: string, name: string): RemoteBackup | undefined {
    return this.#volumes.get(volume)?.backups.get(name);
  }

  writeBackup(backup: RemoteBackup, at: string): void {
    const volume = this.#volumes.get(backup.volume) ?? {
      createdAt: at,
      backups: new Map<string, RemoteBackup>(),
    };
    volume.backups.set(backup.name, backup);
    this.#volumes.set(backup.volume, volume);
  }

  /** The volume stays when its last backup goes. */
  deleteBackup(volume: string, name: string): boolean {
    return this.#volumes.get(volume)?.backups.delete(name) ?? false;
  }

  deleteVolume(volume: string): boolean {
    return this.#volumes.delete(volume);
  }

  metadata(): readonly VmBackupMetadata[] {
    return [...this.#metadata.values()];
  }

  hasMetadata(namespace: string, name: string): boolean {
    return this.#metadata.has(`${namespace}/${name}`);
  }

  /** Overwrites an existing file: the key has no part that names a cluster. */
  writeMetadata(metadata: VmBackupMetadata): void {
    this.#metadata.set(`${metadata.namespace}/${metadata.name}`, metadata);
  }

  deleteMetadata(namespace: string, name: string): boolean {
    return this.#metadata.delete(`${namespace}/${name}`);
  }
}
