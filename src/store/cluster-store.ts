import type { FreezeRequest } from '../model/logs/access-line.ts';
import { type Change, type Identity, keyOf } from '../model/change.ts';
import type { LauncherEvent } from '../model/logs/launcher-line.ts';
import type { BackupTarget, LonghornBackup } from '../model/objects/longhorn.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import type { VmRestore } from '../model/objects/vm-restore.ts';
import { forEachKind, type Kind, type ObjectOf } from '../model/resources.ts';
import { type Timing, TIMING } from '../model/timing.ts';
import type { VirtualMachineInstance } from '../model/objects/virtual-machine.ts';
import { FreezeLedger } from './freeze-ledger.ts';
import { LauncherLedger } from './launcher-ledger.ts';
import { ProgressLedger } from './progress-ledger.ts';
import { type ChangeListener, Table } from './table.ts';
import { TargetLedger } from './target-ledger.ts';

type Tables = { readonly [K in Kind]: Table<ObjectOf<K>> };
/** What is derived from the changes of a kind. */
type Listeners = { readonly [K in Kind]?: ChangeListener<ObjectOf<K>> };

/** A table for each kind; each keeps the type of its own row. */
const tables = (listeners: Listeners): Tables =>
  forEachKind(
    (kind) => new Table(listeners[kind] as ChangeListener<Identity> | undefined),
  ) as unknown as Tables;

/** All that is known of one cluster, and the only state that facts change. */
export class ClusterStore {
  readonly tables: Tables;
  readonly freezes: FreezeLedger;
  readonly launcherEvents = new LauncherLedger();
  readonly targetHistory: TargetLedger;
  /** When each frozen VM, `namespace/name`, was first seen so. */
  readonly frozenSince = new Map<string, number>();
  readonly progress = new ProgressLedger();
  /** The uid of namespace kube-system; undefined until it was read. */
  clusterUid: string | undefined;
  readonly #nowMs: () => number;

  constructor(timing: Timing = TIMING, nowMs: () => number = Date.now) {
    this.targetHistory = new TargetLedger(timing);
    this.#nowMs = nowMs;
    const listeners: Listeners = {
      virtualMachines: this.#whenGone(),
      vmis: this.#onVmi,
      longhornBackups: this.#onLonghornBackup,
      vmBackups: this.#onVmBackup,
      restores: this.#onRestore,
      backupTargets: this.#onBackupTarget,
      targetSettings: (previous, next) => {
        this.targetHistory.recordSetting({ previous, next, nowMs: this.#nowMs() });
      },
    };
    this.tables = tables(listeners);
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

  readonly #onVmi: ChangeListener<VirtualMachineInstance> = (previous, next) => {
    this.#whenGone()(previous, next);
    const vmi = next ?? previous;
    if (vmi === undefined) return;
    const key = keyOf(vmi);
    if (next?.frozen !== true) this.frozenSince.delete(key);
    else if (previous?.frozen !== true || previous.uid !== next.uid) this.frozenSince.set(key, this.#nowMs());
  };

  readonly #onLonghornBackup: ChangeListener<LonghornBackup> = (previous, next) => {
    const step = { previous, next, nowMs: this.#nowMs() };
    this.targetHistory.recordBackup(step, this.tables.backupTargets);
    this.progress.record('longhornBackup', step, ({ state }) => state === 'Completed' || state === 'Error');
  };

  readonly #onVmBackup: ChangeListener<VmBackup> = (previous, next) => {
    const step = { previous, next, nowMs: this.#nowMs() };
    this.targetHistory.recordVmBackup(step);
    this.progress.record('vmBackup', step, ({ readyToUse }) => readyToUse);
  };

  readonly #onRestore: ChangeListener<VmRestore> = (previous, next) => {
    const step = { previous, next, nowMs: this.#nowMs() };
    this.progress.record('restore', step, ({ complete }) => complete);
  };

  readonly #onBackupTarget: ChangeListener<BackupTarget> = (previous, next) => {
    this.targetHistory.recordTarget({ previous, next, nowMs: this.#nowMs() });
  };
}
