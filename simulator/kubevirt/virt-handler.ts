import { virtHandlerPod } from '../objects/virt-pods.ts';
import { kubevirtLine } from './log-lines.ts';
import type { LeakClass } from '../releases.ts';
import type { Site } from '../site.ts';
import { stamp } from '../site.ts';

const KIB = 1_024;
const MIB = 1_024 * KIB;
const HALF_HOUR_MS = 1_800_000;

/** What one leaked client holds: measured on the gRPC code each KubeVirt vendors. */
interface Leak {
  readonly goroutines: number;
  readonly fds: number;
  readonly bytes: number;
}

const HELD: Readonly<Record<'grpc_1_56' | 'grpc_1_58' | 'grpc_1_65' | 'idle_closed', Leak>> = {
  grpc_1_56: { goroutines: 4, fds: 1, bytes: 110 * KIB },
  grpc_1_58: { goroutines: 5, fds: 1, bytes: 108 * KIB },
  grpc_1_65: { goroutines: 5, fds: 1, bytes: 107 * KIB },
  idle_closed: { goroutines: 3, fds: 0, bytes: 26 * KIB },
};

/** What virt-handler says about its own process. */
interface ProcessFigures {
  readonly goroutines: number;
  readonly openFds: number;
  readonly residentBytes: number;
  readonly workingSetBytes: number;
  readonly startedAt: Date;
}

interface Termination {
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

/** The virt-handler of one node: serves freeze calls, leaks by the class of its release, and dies at its limit. */
export class VirtHandler {
  readonly node: string;
  readonly pod: string;
  readonly limitBytes: number;
  readonly #site: Site;
  readonly #uid: string;
  readonly #createdAt: Date;
  /** When each client of the last half hour was leaked, where idle ones are closed after that time. */
  #open: number[] = [];
  #leaked = 0;
  #restarts = 0;
  #startedAt: Date;
  #last: Termination | undefined;
  #up = true;

  constructor(site: Site, node: string, createdAt: Date) {
    this.#site = site;
    this.node = node;
    this.pod = `virt-handler-${site.random.suffix(5)}`;
    this.limitBytes = Number.parseInt(site.spec.virtHandlerLimit, 10) * MIB;
    this.#uid = site.random.uid();
    this.#createdAt = createdAt;
    this.#startedAt = createdAt;
    this.#publish();
    this.#announce();
    if (site.release.leak === 'client_race') site.clock.every(HALF_HOUR_MS, () => this.#leak());
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Takes one REST call to freeze or thaw; false when the process is down and does not answer. */
  serve(): boolean {
    if (!this.#up) return false;
    if (leaksPerCall(this.#site.release.leak)) {
      this.#site.ledger.note({ kind: 'leaked_call', node: this.node }, this.#site.clock.now());
      this.#leak();
    }
    return true;
  }

  /** Leaks that many clients at once, as if it had served as many calls before the world began. */
  preload(calls: number): void {
    if (leaksPerCall(this.#site.release.leak)) this.#leaked += calls;
  }

  figures(): ProcessFigures {
    this.#closeIdle();
    const { idle, open } = this.#held();
    const sum = (of: keyof Leak): number => this.#leaked * idle[of] + this.#open.length * open[of];
    const live = sum('bytes');
    const residentBytes = Math.round((105 * MIB + live) * (1 + this.#garbage()));
    return {
      goroutines: 180 + sum('goroutines'),
      openFds: 42 + sum('fds'),
      residentBytes,
      workingSetBytes: Math.min(this.limitBytes, Math.round(residentBytes * 1.02)),
      startedAt: this.#startedAt,
    };
  }

  /** Between two collections of Go's garbage collector the heap grows by some percent. */
  #garbage(): number {
    const cycle = (this.#site.clock.elapsedMs() % 120_000) / 120_000;
    return 0.05 * cycle;
  }

  #leak(): void {
    if (this.#site.release.leak === 'per_freeze_softened') this.#open.push(this.#site.clock.elapsedMs());
    else this.#leaked += 1;
    if (this.figures().workingSetBytes >= this.limitBytes) this.#die();
  }

  /** gRPC closes a connection that was idle for 30 minutes (v1.65 dialoptions.go); some goroutines stay. */
  #closeIdle(): void {
    const before = this.#site.clock.elapsedMs() - HALF_HOUR_MS;
    const stillOpen = this.#open.findIndex((atMs) => atMs > before);
    const closed = stillOpen === -1 ? this.#open.length : stillOpen;
    if (closed === 0) return;
    this.#open.splice(0, closed);
    this.#leaked += closed;
  }

  #held(): { readonly idle: Leak; readonly open: Leak } {
    const { leak, kubevirt } = this.#site.release;
    if (leak === 'per_freeze_softened') return { idle: HELD.idle_closed, open: HELD.grpc_1_65 };
    const held = kubevirt.startsWith('1.3.')
      ? HELD.grpc_1_58
      : leak === 'per_freeze'
        ? HELD.grpc_1_56
        : HELD.grpc_1_65;
    return { idle: held, open: held };
  }

  /** The kernel kills the container at its limit; the kubelet starts it again at once. */
  #die(): void {
    const { clock, ledger, logs, spec } = this.#site;
    this.#up = false;
    this.#last = { startedAt: this.#startedAt, finishedAt: clock.now() };
    this.#leaked = 0;
    this.#open = [];
    ledger.note({ kind: 'oom_kill', node: this.node, pod: this.pod }, clock.now());
    this.#publish();
    clock.after(2_000, () => {
      logs.restart({ namespace: spec.kubevirtNamespace, name: this.pod }, 'virt-handler');
      this.#startedAt = clock.now();
      this.#restarts += 1;
      this.#up = true;
      this.#publish();
      this.#announce();
    });
  }

  /** The first line of each start. */
  #announce(): void {
    const { clock, random, logs, spec } = this.#site;
    const fields = {
      component: 'virt-handler',
      level: 'info',
      msg: 'set verbosity to 2',
      pos: 'virt-handler.go:470',
    };
    const pod = { namespace: spec.kubevirtNamespace, name: this.pod };
    logs.append(pod, 'virt-handler', kubevirtLine(clock.now(), random, fields), clock.now());
  }

  #publish(): void {
    const { store } = this.#site;
    store.apply(
      virtHandlerPod(this.#site, {
        name: this.pod,
        uid: this.#uid,
        node: this.node,
        createdAt: stamp(this.#site, this.#createdAt),
        restarts: this.#restarts,
        startedAt: this.#up ? stamp(this.#site, this.#startedAt) : undefined,
        oomKilled:
          this.#last === undefined
            ? undefined
            : {
                startedAt: stamp(this.#site, this.#last.startedAt),
                finishedAt: stamp(this.#site, this.#last.finishedAt),
              },
      }),
    );
  }
}

const leaksPerCall = (leak: LeakClass): boolean => leak === 'per_freeze' || leak === 'per_freeze_softened';
