import type { VmSpec } from '../cluster-spec.ts';
import type { Timer } from '../clock.ts';
import { klogLine, kubevirtLine, launcherFields, launcherText } from './log-lines.ts';
import { VMIS } from '../objects/keys.ts';
import type { Site } from '../site.ts';

/** How often virt-launcher asks the agent for `guest-fsfreeze-status` (cmd/virt-launcher/virt-launcher.go, all versions). */
const STATUS_POLL_MS = 5_000;
const FREEZE_ERROR =
  "virError(Code=1, Domain=10, Message='internal error: unable to execute QEMU agent command guest-fsfreeze-freeze: failed to open /srv: Permission denied')";
const THAW_ERROR =
  "virError(Code=86, Domain=10, Message='Guest agent is not responding: QEMU guest agent is not connected')";

interface GuestIdentity {
  readonly vmiUid: string;
  readonly pod: string;
}

/** A running guest behind its virt-launcher: what a freeze does to it, and what its log says of that. */
export class Guest {
  readonly vm: VmSpec;
  readonly vmiUid: string;
  readonly pod: string;
  /** The agent refuses to freeze, as under SELinux. */
  refusesFreeze = false;
  /** The agent stops answering once it is frozen: the guest stays frozen. */
  losesAgentWhenFrozen = false;
  readonly #site: Site;
  readonly #waiting: (() => void)[] = [];
  readonly #pollPhaseMs: number;
  #busy = false;
  #frozen = false;
  #reportedFrozen = false;
  #safety: Timer | undefined;
  #polling = false;

  constructor(site: Site, vm: VmSpec, { vmiUid, pod }: GuestIdentity) {
    this.#site = site;
    this.vm = vm;
    this.vmiUid = vmiUid;
    this.pod = pod;
    this.#pollPhaseMs = site.random.between(0, STATUS_POLL_MS);
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  /** The Freeze command of virt-launcher; commands of one guest run one after the other. */
  freeze(unfreezeAfterMs: number, done: (ok: boolean) => void): void {
    this.#enqueue(() => {
      // A guest that is frozen already is left alone, and no second timer is armed (virtwrap/manager.go).
      if (this.#frozen) {
        this.#finish(() => done(this.#froze()));
        return;
      }
      this.#site.clock.after(this.vm.freezeMs, () =>
        this.#finish(() => done(this.#unable() ? this.#failedToFreeze() : this.#froze(unfreezeAfterMs))),
      );
    });
  }

  /** The Unfreeze command: thaws, and reports success even when nothing was frozen. */
  unfreeze(done: (ok: boolean) => void): void {
    this.#enqueue(() => {
      this.#finish(() => {
        const ok = this.#thaw();
        this.#safety?.cancel();
        this.#line(
          launcherFields(
            this.#vmi,
            ok ? 'info' : 'error',
            ok ? 'Unfreezed vmi' : 'Failed to unfreeze vmi',
            ok ? 'server.go:292' : 'server.go:286',
          ),
          ok ? undefined : THAW_ERROR,
        );
        done(ok);
      });
    });
  }

  /** What virt-launcher and libraries within it write all the time. */
  chatter(): void {
    this.#line(launcherFields(this.#vmi, 'info', 'Synced vmi', 'server.go:208'));
    if (this.#site.random.next() < 0.2) {
      this.#write(
        'compute',
        klogLine(
          this.#site.clock.now(),
          'client_config.go:618] Neither --kubeconfig nor --master was specified.',
        ),
      );
    }
    if (this.#site.random.next() < 0.2) this.#forge();
  }

  get #vmi(): { readonly name: string; readonly namespace: string; readonly uid: string } {
    return { name: this.vm.name, namespace: this.vm.namespace, uid: this.vmiUid };
  }

  #unable(): boolean {
    return !this.vm.agent || this.refusesFreeze;
  }

  #enqueue(command: () => void): void {
    this.#waiting.push(command);
    this.#next();
  }

  #next(): void {
    if (this.#busy) return;
    const command = this.#waiting.shift();
    if (command === undefined) return;
    this.#busy = true;
    command();
  }

  #finish(answer: () => void): void {
    answer();
    this.#busy = false;
    this.#next();
  }

  #froze(unfreezeAfterMs?: number): boolean {
    if (unfreezeAfterMs !== undefined) {
      this.#frozen = true;
      const { name, namespace } = this.vm;
      this.#site.ledger.note({ kind: 'real_freeze', namespace, vm: name }, this.#site.clock.now());
      this.#safety = this.#site.clock.after(unfreezeAfterMs, () => this.#safetyUnfreeze(unfreezeAfterMs));
      this.#pollStatus();
    }
    this.#line(
      launcherFields(
        this.#vmi,
        'info',
        'Freezed vmi',
        `server.go:${this.#site.release.positions.server.freeze}`,
      ),
    );
    return true;
  }

  #failedToFreeze(): boolean {
    this.#line(launcherText('error', `Failed to freeze vmi, ${FREEZE_ERROR}`, 'manager.go:1704'));
    this.#line(
      launcherFields(
        this.#vmi,
        'error',
        'Failed to freeze vmi',
        `server.go:${this.#site.release.positions.server.freezeFailed}`,
      ),
      FREEZE_ERROR,
    );
    return false;
  }

  #safetyUnfreeze(afterMs: number): void {
    const { name, namespace } = this.vm;
    this.#site.ledger.note({ kind: 'safety_unfreeze', namespace, vm: name }, this.#site.clock.now());
    const text = `Unfreeze was not called for vmi ${name} for more then ${afterMs / 1_000}s, initiating unfreeze`;
    this.#line(launcherText('warning', text, this.#site.release.positions.safetyUnfreeze));
    this.#thaw();
  }

  #thaw(): boolean {
    if (this.#frozen && this.losesAgentWhenFrozen) {
      const { name, namespace } = this.vm;
      this.#site.ledger.note({ kind: 'thaw_failure', namespace, vm: name }, this.#site.clock.now());
      this.#line(launcherText('error', `Failed to unfreeze vmi, ${THAW_ERROR}`, 'manager.go:1728'));
      return false;
    }
    this.#frozen = false;
    return true;
  }

  /** Only changes reach the VMI, and only what a poll of the agent sees. */
  #pollStatus(): void {
    if (this.#polling) return;
    this.#polling = true;
    const { clock } = this.#site;
    const sinceMs = (clock.elapsedMs() - this.#pollPhaseMs + STATUS_POLL_MS) % STATUS_POLL_MS;
    clock.after(STATUS_POLL_MS - sinceMs, () => {
      this.#polling = false;
      if (this.#frozen !== this.#reportedFrozen) this.#report(this.#frozen);
      if (this.#frozen || this.#reportedFrozen) this.#pollStatus();
    });
  }

  #report(frozen: boolean): void {
    this.#reportedFrozen = frozen;
    this.#site.store.patch(VMIS, this.vm.namespace, this.vm.name, (vmi) => ({
      ...vmi,
      // Thawed is written as an empty text, which Go leaves out.
      status: { ...(vmi.status as object), fsFreezeStatus: frozen ? 'frozen' : undefined },
    }));
  }

  #line(fields: ReturnType<typeof launcherText>, reason?: string): void {
    const all = reason === undefined ? fields : { ...fields, reason };
    this.#write('compute', kubevirtLine(this.#site.clock.now(), this.#site.random, all));
  }

  /** The serial console is the guest's: it may print what looks like virt-launcher's lines. */
  #forge(): void {
    const text = `Unfreeze was not called for vmi ${this.vm.name} for more then 1s, initiating unfreeze`;
    this.#write(
      'guest-console-log',
      kubevirtLine(
        this.#site.clock.now(),
        this.#site.random,
        launcherText('warning', text, 'manager.go:1567'),
      ),
    );
  }

  #write(container: string, line: string): void {
    this.#site.logs.append(
      { namespace: this.vm.namespace, name: this.pod },
      container,
      line,
      this.#site.clock.now(),
    );
  }
}
