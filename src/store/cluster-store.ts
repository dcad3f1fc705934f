import type { FreezeRequest } from '../model/logs/access-line.ts';
import { type Change, type Identity, keyOf } from '../model/change.ts';
import type { LauncherEvent } from '../model/logs/launcher-line.ts';
import type { BackupTarget, LonghornBackup } from '../model/objects/longhorn.ts';
import type { Kind, ObjectOf } from '../model/resources.ts';
import { type Timing, TIMING } from '../model/timing.ts';
import { FreezeLedger } from './freeze-ledger.ts';
import { LauncherLedger } from './launcher-ledger.ts';
import { type ChangeListener, Table } from './table.ts';
import { TargetLedger } from './target-ledger.ts';

type Tables = { readonly [K in Kind]: Table<ObjectOf<K>> };

/** All that is known of one cluster, and the only state that facts change. */
export class ClusterStore {
  readonly tables: Tables;
  readonly freezes: FreezeLedger;
  readonly launcherEvents = new LauncherLedger();
  readonly targetHistory: TargetLedger;
  /** The uid of namespace kube-system; undefined until it was read. */
  clusterUid: string | undefined;
  readonly #nowMs: () => number;

  constructor(timing: Timing = TIMING, nowMs: () => number = Date.now) {
    this.targetHistory = new TargetLedger(timing);
    this.#nowMs = nowMs;
    this.tables = {
      virtualMachines: new Table(this.#whenGone()),
      vmis: new Table(this.#whenGone()),
      kubevirts: new Table(),
      virtHandlers: new Table(),
      virtApis: new Table(),
      virtLaunchers: new Table(),
      virtHandlerMemory: new Table(),
      vmBackups: new Table((previous, next) => {
        this.targetHistory.recordVmBackup({ previous, next, nowMs: this.#nowMs() });
      }),
      schedules: new Table(),
      restores: new Table(),
      targetSettings: new Table((previous, next) => {
        this.targetHistory.recordSetting({ previous, next, nowMs: this.#nowMs() });
      }),
      serverVersions: new Table(),
      longhornBackups: new Table(this.#onLonghornBackup),
      backupVolumes: new Table(),
      backupTargets: new Table(this.#onBackupTarget),
      longhornVolumes: new Table(),
      persistentVolumes: new Table(),
    };
    this.freezes = new FreezeLedger((key) => this.#isKnown(key), timing.freezeTrendStepMs);
  }

  /** Feeds the changes of one kind into its table. */
  sink<K extends Kind>(kind: K): (change: Change<ObjectOf<K>>) => void {
    return (this.tables[kind] as unknown as Table<ObjectOf<K> & Identity>).apply;
  }

  recordFreeze(request: FreezeRequest, atMs: number): void {
    this.freezes.record(request, atMs);
  }

  recordLauncherEvent(namespace: string, vm: string, event: LauncherEvent, atMs: number): void {
    this.launcherEvents.record(namespace, vm, event, atMs);
  }

  #isKnown(key: string): boolean {
    const [namespace = '', name = ''] = key.split('/');
    const { virtualMachines, vmis } = this.tables;
    return vmis.get(namespace, name) !== undefined || virtualMachines.get(namespace, name) !== undefined;
  }

  /** A VM that restarts loses its VMI, not its VirtualMachine: its counts go only with both. */
  #whenGone<T extends Identity>(): ChangeListener<T> {
    return (previous, next) => {
      if (previous === undefined || next !== undefined || this.#isKnown(keyOf(previous))) return;
      this.freezes.forget(keyOf(previous));
      this.launcherEvents.forget(keyOf(previous));
    };
  }

  readonly #onLonghornBackup: ChangeListener<LonghornBackup> = (previous, next) => {
    this.targetHistory.recordBackup({ previous, next, nowMs: this.#nowMs() }, this.tables.backupTargets);
  };

  readonly #onBackupTarget: ChangeListener<BackupTarget> = (previous, next) => {
    this.targetHistory.recordTarget({ previous, next, nowMs: this.#nowMs() });
  };
}
