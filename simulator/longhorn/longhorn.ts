import type { Bucket, RemoteBackup } from './bucket.ts';
import type { StoredObject } from '../kube-object.ts';
import { BACKUP_TARGETS, BACKUP_VOLUMES, LONGHORN_BACKUPS } from '../objects/keys.ts';
import { OBJECT_ONLY_LABEL, backupTarget, backupVolume, longhornBackup } from '../objects/longhorn.ts';
import type { Site } from '../site.ts';
import { stamp } from '../site.ts';

const UPLOAD_STEPS = 4;
const INSPECTION_MS = 500;
const PULLED = { snapshotName: '', state: '', progress: 0 } as const;

/** What a backup of a volume is made from. */
interface VolumeToBackUp {
  readonly volume: string;
  readonly sizeBytes: number;
  readonly namespace: string;
  readonly claim: string;
}

/** Longhorn of one cluster: uploads backups, and mirrors what the store holds at each poll. */
export class Longhorn {
  /** The reason uploads fail for now; undefined: they succeed. */
  failure: string | undefined;
  /** Volumes whose uploads never get on. */
  readonly stalledVolumes = new Set<string>();
  /** Whether the store answers. */
  available = true;
  readonly #site: Site;
  readonly #bucket: Bucket;
  readonly #listeners: ((backup: string) => void)[] = [];
  #lastSyncedAt: string;

  constructor(site: Site, bucket: Bucket) {
    this.#site = site;
    this.#bucket = bucket;
    this.#lastSyncedAt = stamp(site);
    this.#publishTarget();
    site.clock.every(site.spec.longhornPollMs, () => this.poll());
  }

  /** Calls `listener` with the name of a Backup whenever its state changes. */
  onChange(listener: (backup: string) => void): void {
    this.#listeners.push(listener);
  }

  backup(name: string): StoredObject | undefined {
    return this.#site.store.get(LONGHORN_BACKUPS, this.#site.spec.longhornNamespace, name);
  }

  /** How far a Backup is; state and progress are empty where there is none. */
  progressOf(name: string): { readonly state: string; readonly progress: number } {
    const { state = '', progress = 0 } = (this.backup(name)?.status ?? {}) as {
      readonly state?: string;
      readonly progress?: number;
    };
    return { state, progress };
  }

  /** Starts a backup and returns its name; the store shows at once that one is being made. */
  startBackup({ volume, sizeBytes, namespace, claim }: VolumeToBackUp, snapshotName: string): string {
    const { random, store } = this.#site;
    const remote: RemoteBackup = {
      name: `backup-${random.hex(16)}`,
      volume,
      snapshotName,
      snapshotCreatedAt: stamp(this.#site),
      createdAt: '',
      sizeBytes,
      labels: {
        KubernetesStatus: JSON.stringify({ pvName: volume, namespace, pvcName: claim }),
        'longhorn.io/volume-access-mode': 'rwx',
      },
    };
    store.apply(longhornBackup(this.#site, remote, { snapshotName, state: 'Pending', progress: 0 }));
    this.#bucket.writeBackup(remote, stamp(this.#site));
    this.#upload(remote, 0);
    return remote.name;
  }

  /** Adds a backup that was completed before the world began. */
  adopt(remote: RemoteBackup): void {
    this.#bucket.writeBackup(remote, remote.createdAt);
    this.#site.store.apply(
      longhornBackup(this.#site, remote, {
        snapshotName: remote.snapshotName,
        state: 'Completed',
        progress: 100,
      }),
    );
    this.#publishVolume(remote.volume);
  }

  /** Deletes a backup the way the deletion of its VolumeSnapshot does: here, and in the store. */
  deleteBackup(name: string): void {
    const backup = this.backup(name);
    if (backup === undefined) return;
    if (this.available) this.#bucket.deleteBackup(volumeOf(backup), name);
    this.#drop(LONGHORN_BACKUPS, name);
  }

  /** Mirrors the store: what is there and unknown is pulled, what is gone loses its object. */
  poll(): void {
    if (this.#site.spec.target === undefined) return;
    if (this.available) {
      for (const { name } of this.#bucket.volumes()) this.#pull(name);
      for (const object of this.#backups()) if (this.#isGone(object)) this.#removeObjectOnly(object);
      this.#removeEmptyVolumes();
      this.#lastSyncedAt = stamp(this.#site);
    }
    this.#publishTarget();
  }

  #upload(remote: RemoteBackup, step: number): void {
    const { clock, spec, store } = this.#site;
    clock.after(spec.uploadMs / UPLOAD_STEPS, () => {
      if (this.backup(remote.name) === undefined || this.stalledVolumes.has(remote.volume)) return;
      const progress = Math.round(((step + 1) * 100) / UPLOAD_STEPS);
      const { snapshotName } = remote;
      if (this.failure !== undefined) {
        this.#bucket.deleteBackup(remote.volume, remote.name);
        store.apply(
          longhornBackup(this.#site, remote, { snapshotName, state: 'Error', progress, error: this.failure }),
        );
      } else if (progress < 100) {
        store.apply(longhornBackup(this.#site, remote, { snapshotName, state: 'InProgress', progress }));
        this.#upload(remote, step + 1);
      } else {
        this.#complete({ ...remote, createdAt: stamp(this.#site) });
      }
      for (const listener of this.#listeners) listener(remote.name);
    });
  }

  #complete(remote: RemoteBackup): void {
    this.#bucket.writeBackup(remote, stamp(this.#site));
    this.#site.store.apply(
      longhornBackup(this.#site, remote, {
        snapshotName: remote.snapshotName,
        state: 'Completed',
        progress: 100,
      }),
    );
    this.#publishVolume(remote.volume);
  }

  /** A Backup that is still being written has no state yet: inspecting it fails. */
  #pull(volume: string): void {
    this.#publishVolume(volume);
    for (const remote of this.#bucket.backupsOf(volume)) {
      const known = this.backup(remote.name);
      if (known === undefined) this.#site.store.apply(longhornBackup(this.#site, remote, PULLED));
      const unread = known === undefined || (isPulled(known) && this.progressOf(remote.name).state === '');
      if (unread && remote.createdAt !== '')
        this.#site.clock.after(INSPECTION_MS, () => this.#inspect(remote));
    }
  }

  #inspect(remote: RemoteBackup): void {
    if (this.backup(remote.name) === undefined) return;
    this.#site.store.apply(longhornBackup(this.#site, remote, { ...PULLED, state: 'Completed' }));
    for (const listener of this.#listeners) listener(remote.name);
  }

  #backups(): readonly StoredObject[] {
    return this.#site.store.list(LONGHORN_BACKUPS, this.#site.spec.longhornNamespace);
  }

  /** Only completed ones are compared (longhorn-manager controller/backup_volume_controller.go). */
  #isGone(object: StoredObject): boolean {
    const { name } = object.metadata;
    return (
      this.progressOf(name).state === 'Completed' && this.#bucket.backup(volumeOf(object), name) === undefined
    );
  }

  /** Marks the object, so that the finalizer leaves the store alone, and deletes it (>= 1.6.4 and >= 1.7.2). */
  #removeObjectOnly(object: StoredObject): void {
    const { store, clock, ledger, spec } = this.#site;
    const { name } = object.metadata;
    const marked = this.#site.release.longhorn !== '1.6.2';
    if (marked) store.patch(LONGHORN_BACKUPS, spec.longhornNamespace, name, withLabel);
    store.remove(LONGHORN_BACKUPS, spec.longhornNamespace, name);
    ledger.note({ kind: 'object_only_removal', native: isPulled(object) ? 'false' : 'true' }, clock.now());
    clock.after(200, () => this.#drop(LONGHORN_BACKUPS, name));
  }

  #removeEmptyVolumes(): void {
    const remote = new Set(this.#bucket.volumes().map(({ name }) => name));
    for (const object of this.#site.store.list(BACKUP_VOLUMES, this.#site.spec.longhornNamespace)) {
      const { volumeName = object.metadata.name } = object.spec as { readonly volumeName?: string };
      if (!remote.has(volumeName)) this.#drop(BACKUP_VOLUMES, object.metadata.name);
    }
  }

  #publishVolume(volume: string): void {
    const { store, spec, release, random } = this.#site;
    const known = store
      .list(BACKUP_VOLUMES, spec.longhornNamespace)
      .find(({ metadata: { name, labels } }) => (labels?.['backup-volume'] ?? name) === volume);
    const object = known?.metadata.name ?? (release.namedTargets ? `${volume}-${random.hex(8)}` : volume);
    const remote = this.#bucket.volumes().find(({ name }) => name === volume);
    const completed = this.#bucket.backupsOf(volume).filter(({ createdAt }) => createdAt !== '');
    store.apply(
      backupVolume(
        this.#site,
        { name: volume, object, createdAt: remote?.createdAt ?? stamp(this.#site) },
        completed.at(-1),
      ),
    );
  }

  #publishTarget(): void {
    const target = backupTarget(
      this.#site,
      this.available && this.#site.spec.target !== undefined,
      this.#lastSyncedAt,
    );
    const previous = this.#site.store.get(BACKUP_TARGETS, this.#site.spec.longhornNamespace, 'default');
    // What a user changed in the spec stays.
    this.#site.store.apply(previous === undefined ? target : { ...target, spec: previous.spec });
  }

  #drop(key: string, name: string): void {
    const { store, spec } = this.#site;
    store.patch(key, spec.longhornNamespace, name, (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
    store.remove(key, spec.longhornNamespace, name);
  }
}

const withLabel = (object: StoredObject): StoredObject => ({
  ...object,
  metadata: { ...object.metadata, labels: { ...object.metadata.labels, [OBJECT_ONLY_LABEL]: 'true' } },
});

const volumeOf = (backup: StoredObject): string => backup.metadata.labels?.['backup-volume'] ?? '';

const isPulled = ({ spec }: StoredObject): boolean =>
  (spec as { readonly snapshotName: string }).snapshotName === '';
