import type { Bucket, VmBackupMetadata } from './longhorn/bucket.ts';

/**
 * A cluster that this world does not simulate, known only by what it does to a bucket it shares: it imported everything it
 * found there, treats it as its own, and restores every missing file.
 */
export class Peer {
  readonly name: string;
  readonly #bucket: Bucket;
  readonly #imported = new Map<string, VmBackupMetadata>();

  constructor(name: string, bucket: Bucket) {
    this.name = name;
    this.#bucket = bucket;
  }

  /** Imports what the bucket holds; returns how many VMBackups that added. */
  import(): number {
    const before = this.#imported.size;
    for (const metadata of this.#bucket.metadata())
      this.#imported.set(`${metadata.namespace}/${metadata.name}`, metadata);
    return this.#imported.size - before;
  }

  /** Its resync: uploads the metadata of each VMBackup whose file somebody else deleted. Returns how many. */
  uploadMissing(): number {
    const missing = [...this.#imported.values()].filter(
      ({ namespace, name }) => !this.#bucket.hasMetadata(namespace, name),
    );
    for (const metadata of missing) this.#bucket.writeMetadata(metadata);
    return missing.length;
  }

  /** Its operator deletes copies of a VM's backups, newest first: metadata and data go, for everybody. Returns how many. */
  deleteCopies(namespace: string, vm: string, count: number): number {
    const copies = [...this.#imported.values()]
      .filter((metadata) => metadata.namespace === namespace && sourceOf(metadata) === vm)
      .filter((metadata) => this.#bucket.hasMetadata(namespace, metadata.name))
      .sort((a, b) => (a.name < b.name ? 1 : -1))
      .slice(0, count);
    for (const { name, volumeBackups } of copies) {
      this.#bucket.deleteMetadata(namespace, name);
      this.#imported.delete(`${namespace}/${name}`);
      for (const { persistentVolumeClaim, longhornBackupName } of volumeBackups) {
        this.#bucket.deleteBackup(volumeOf(persistentVolumeClaim), longhornBackupName);
      }
    }
    return copies.length;
  }
}

const sourceOf = ({ spec }: VmBackupMetadata): string =>
  (spec as { readonly source: { readonly name: string } }).source.name;
const volumeOf = (claim: unknown): string =>
  (claim as { readonly spec: { readonly volumeName: string } }).spec.volumeName;
