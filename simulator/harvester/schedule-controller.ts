import type { ScheduleSpec } from '../cluster-spec.ts';
import { kindKey, type StoredObject } from '../kube-object.ts';
import { SCHEDULES, VM_BACKUPS } from '../objects/keys.ts';
import type { ScheduleState } from '../objects/schedule.ts';
import { schedule } from '../objects/schedule.ts';
import type { VmBackup } from '../objects/vm-backup.ts';
import { vmBackupObject, vmBackupOf } from '../objects/vm-backup.ts';
import { ago, simulatedMoment, stamp } from '../site.ts';
import type { Site } from '../site.ts';

const DAY_MS = 86_400_000;

/** One ScheduleVMBackup and what Harvester does for it (pkg/controller/master/schedulevmbackup/common.go). */
export class ScheduleController {
  readonly spec: ScheduleSpec;
  readonly uid: string;
  readonly #site: Site;
  readonly #createdAt: string;
  #suspended: ScheduleState['suspended'];

  constructor(site: Site, spec: ScheduleSpec) {
    this.spec = spec;
    this.uid = site.random.uid();
    this.#site = site;
    this.#createdAt = stamp(site, ago(site, DAY_MS)).replace(/\.\d+Z$/, 'Z');
    this.#publish();
    site.store.subscribe(({ kind, object }) => {
      const ours =
        kindKey(kind) === VM_BACKUPS && object.metadata.labels?.['harvesterhci.io/svmbackupUID'] === this.uid;
      if (ours) this.#backupChanged();
    });
    site.clock.after(spec.firstAfterMs, () => {
      this.tick();
      site.clock.every(spec.everyMs, () => this.tick());
    });
  }

  /** The name of a VMBackup made at a tick; an imported copy keeps it. */
  backupName(at: Date): string {
    return `svmb-${this.uid}-${tickStamp(simulatedMoment(this.#site, at))}`;
  }

  /** The labels and the annotation of such a VMBackup; an imported copy has none of them. */
  backupMarks(at: Date): {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  } {
    return {
      labels: {
        'harvesterhci.io/svmbackupUID': this.uid,
        'harvesterhci.io/svmbackupTimestamp': tickStamp(simulatedMoment(this.#site, at)),
      },
      annotations: { 'harvesterhci.io/svmbackupId': `${this.spec.namespace}/${this.spec.name}` },
    };
  }

  /** Makes a backup, unless the last one is still being made or too many have failed in a row. */
  tick(): void {
    const { store, clock } = this.#site;
    if (this.#isSuspended()) return;
    const backups = this.#backups();
    const failure = failuresInARow(backups);
    if (failure >= this.spec.maxFailure) {
      const message = `failure backups ${failure} reach max tolerance ${this.spec.maxFailure}`;
      this.#suspended = { reason: 'Reach Max Failure', message };
      this.#publish();
      return;
    }
    const last = backups.at(-1);
    const name = this.backupName(clock.now());
    if (
      (last !== undefined && isInProgress(last)) ||
      store.get(VM_BACKUPS, this.spec.namespace, name) !== undefined
    )
      return;
    store.apply(
      vmBackupObject(
        { name, namespace: this.spec.namespace, ...this.backupMarks(clock.now()) },
        this.spec.vm,
        this.spec.type,
      ),
    );
  }

  #isSuspended(): boolean {
    const current = this.#site.store.get(SCHEDULES, this.spec.namespace, this.spec.name)?.spec;
    return current === undefined || (current as { readonly suspend?: boolean }).suspend === true;
  }

  #backupChanged(): void {
    this.#publish();
    const backups = this.#backups();
    const last = backups.at(-1);
    if (last === undefined || !isReady(last)) return;
    const surplus = backups.length - this.spec.retain;
    const expendable = [...backups.filter((backup) => !isReady(backup)), ...backups.filter(isReady)];
    for (const { metadata } of expendable.slice(0, Math.max(0, surplus)))
      this.#site.store.remove(VM_BACKUPS, this.spec.namespace, metadata.name);
  }

  /** Those of this schedule that are not being deleted, oldest first. */
  #backups(): readonly (VmBackup & StoredObject)[] {
    return this.#site.store
      .list(VM_BACKUPS, this.spec.namespace)
      .filter(({ metadata }) => metadata.labels?.['harvesterhci.io/svmbackupUID'] === this.uid)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map((object) => vmBackupOf(object))
      .filter((backup) => backup !== undefined)
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  #publish(): void {
    const { store } = this.#site;
    const backups = this.#backups();
    const object = schedule(this.#site, this.spec, {
      uid: this.uid,
      createdAt: this.#createdAt,
      failure: failuresInARow(backups),
      suspended: this.#suspended,
      backups: backups.map(({ metadata: { name }, status: { readyToUse = false, error } }) => ({
        name,
        readyToUse,
        ...(error === undefined ? {} : { error }),
      })),
    });
    const previous = store.get(SCHEDULES, this.spec.namespace, this.spec.name);
    // What a user changed in the spec stays.
    const keepsSpec = previous !== undefined && this.#suspended === undefined;
    store.apply(keepsSpec ? { ...object, spec: previous.spec } : object);
  }
}

const isReady = ({ status }: VmBackup): boolean => status.readyToUse === true;
const isInProgress = ({ status }: VmBackup): boolean =>
  status.error === undefined && status.readyToUse !== true;

function failuresInARow(backups: readonly VmBackup[]): number {
  const lastReady = backups.findLastIndex(isReady);
  return backups.slice(lastReady + 1).filter(({ status }) => status.error !== undefined).length;
}

/** `20250301.0200`. */
function tickStamp(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  return `${date.replaceAll('-', '')}.${time.slice(0, 5).replace(':', '')}`;
}
