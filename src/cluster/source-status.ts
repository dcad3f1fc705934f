import type { Logger } from '../logger.ts';
import { remedyFor, type AccessNeeded } from './remedy.ts';
import { errorKindOf, type ErrorKind, type SourceError } from './error-kind.ts';
import { Outages, type OutageChange } from './outages.ts';

/** `absent`: not served by this cluster. */
type SourcePhase = 'starting' | 'ok' | 'failing' | 'absent' | 'forbidden';

/** The state of one source. */
export interface SourceState {
  readonly source: string;
  readonly phase: SourcePhase;
  /** The last attempt succeeded; undefined while nothing was tried, or where the cluster does not serve it. */
  readonly up: boolean | undefined;
  /** The cluster was asked and does not serve it. */
  readonly absent: boolean;
  /** When it last proved fresh: a list page, an open watch, an event, a bookmark, a log line. */
  readonly lastSuccessMs: number | undefined;
  readonly errors: ReadonlyMap<ErrorKind, number>;
  readonly listedOnce: boolean;
  /** What the operator can do, while it fails or is forbidden. */
  readonly remedy?: string;
}

/** Where a source reports its state. */
export interface SourceReporter {
  succeeded(): void;
  /** The source is complete: its list was read to the end. */
  listed(): void;
  /** Every log to read was reached once, or there is no log to read: readiness waits no longer. */
  settled(): void;
  failed(error: SourceError): void;
  /** One of several inputs behind the source, such as one pod of many: the source has the state of its worst member. */
  member(name: string): MemberReporter;
}

/** As SourceReporter, for one member. */
export interface MemberReporter {
  succeeded(): void;
  failed(error: SourceError): void;
  /** The member is no longer read, and its failure is forgotten. */
  left(): void;
}

interface SourceStatusOptions {
  readonly logger: Logger;
  /** Named in messages; without credentials. */
  readonly server: string;
  readonly now?: () => number;
}

interface Registration {
  readonly access: AccessNeeded;
  /** Whether readiness waits for it to be listed; a log has no list. */
  readonly isListed: boolean;
  /** Whether readiness waits for it to be settled, where it has no list. */
  readonly isAwaited?: boolean;
}

/** The state of every source, for metrics, readiness and the log, which has one line per change. */
export class SourceStatus {
  readonly #options: Required<SourceStatusOptions>;
  readonly #sources = new Map<string, TrackedSource>();
  readonly #outages = new Outages();

  constructor({ logger, server, now = Date.now }: SourceStatusOptions) {
    this.#options = { logger, server, now };
  }

  /** Each source is registered once, before it is first read. */
  register(source: string, registration: Registration): SourceReporter {
    if (this.#sources.has(source)) throw new Error(`source ${source} is registered twice`);
    const tracked = new TrackedSource(source, registration, this.#options, this.#outages);
    this.#sources.set(source, tracked);
    return tracked;
  }

  snapshot(): readonly SourceState[] {
    return Array.from(this.#sources.values(), (source) => source.state());
  }

  stateOf(source: string): SourceState | undefined {
    return this.#sources.get(source)?.state();
  }

  /** Sources that still have to be listed or reached (absent and forbidden ones do not); when empty, we are ready. */
  get waitingFor(): readonly string[] {
    return Array.from(this.#sources)
      .filter(([, source]) => !source.ready)
      .map(([name]) => name);
  }
}

interface Condition {
  readonly phase: SourcePhase;
  readonly kind?: ErrorKind;
}

/** From the best to the worst: a source with one unreadable member is incomplete. */
const PHASES: readonly SourcePhase[] = ['starting', 'absent', 'ok', 'failing', 'forbidden'];
const UP: Readonly<Record<SourcePhase, boolean | undefined>> = {
  starting: undefined,
  absent: undefined,
  ok: true,
  failing: false,
  forbidden: false,
};
const ITSELF = '';

class TrackedSource implements SourceReporter {
  readonly #source: string;
  readonly #registration: Registration;
  readonly #options: Required<SourceStatusOptions>;
  readonly #outages: Outages;
  readonly #members = new Map<string, Condition>();
  readonly #errors = new Map<ErrorKind, number>();
  #condition: Condition = { phase: 'starting' };
  #lastSuccessMs: number | undefined;
  #listedOnce = false;
  #settledOnce = false;

  constructor(
    source: string,
    registration: Registration,
    options: Required<SourceStatusOptions>,
    outages: Outages,
  ) {
    this.#source = source;
    this.#registration = registration;
    this.#options = options;
    this.#outages = outages;
  }

  succeeded(): void {
    this.#succeeded(ITSELF);
  }

  listed(): void {
    this.#listedOnce = true;
    this.#succeeded(ITSELF);
  }

  settled(): void {
    this.#settledOnce = true;
  }

  failed(error: SourceError): void {
    this.#failed(ITSELF, error);
  }

  member(name: string): MemberReporter {
    return {
      succeeded: () => this.#succeeded(name),
      failed: (error) => this.#failed(name, error),
      left: () => {
        this.#members.delete(name);
        this.#settle(undefined);
      },
    };
  }

  state(): SourceState {
    const { phase, kind } = this.#condition;
    const [source, lastSuccessMs, listedOnce] = [this.#source, this.#lastSuccessMs, this.#listedOnce];
    const absent = phase === 'absent';
    const state = { source, phase, up: UP[phase], absent, lastSuccessMs, errors: this.#errors, listedOnce };
    if (kind === undefined || phase === 'absent') return state;
    return { ...state, remedy: remedyFor(kind, this.#registration.access, this.#options.server) };
  }

  get ready(): boolean {
    const { phase } = this.#condition;
    const { isListed, isAwaited = false } = this.#registration;
    if (phase === 'absent' || phase === 'forbidden') return true;
    return isListed ? this.#listedOnce : !isAwaited || this.#settledOnce;
  }

  #succeeded(member: string): void {
    this.#lastSuccessMs = this.#options.now();
    if (this.#members.get(member)?.phase === 'ok') return;
    this.#members.set(member, { phase: 'ok' });
    this.#settle(undefined);
  }

  #failed(member: string, error: SourceError): void {
    const kind = errorKindOf(error);
    const phase = phaseOf(kind, this.#registration);
    // A kind that the cluster does not serve is no error.
    if (phase !== 'absent') this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
    // An expired resourceVersion is normal: the watch lists again, and only a failure of that list is reported.
    if (kind === 'gone') return;
    this.#members.set(member, { phase, kind });
    this.#settle(error);
  }

  #settle(error: SourceError | undefined): void {
    const before = this.#condition;
    this.#condition = worst(this.#members.values());
    const { phase, kind } = this.#condition;
    if (phase === before.phase && kind === before.kind) return;
    const outage = this.#outages.moved(this.#source, before.kind, kind);
    if (outage === 'ended')
      this.#options.logger.info('API server works again', { server: this.#options.server });
    if (phase === 'ok') this.#logRecovery(before, outage);
    else if (phase === 'absent')
      this.#options.logger.info('kind not served by this cluster, looked for again', this.#fields());
    else if (kind !== undefined) this.#logFailure(kind, error, outage);
  }

  #logRecovery({ phase }: Condition, outage: OutageChange): void {
    const { logger } = this.#options;
    if (phase === 'starting' || outage !== 'own') logger.debug('source works', this.#fields());
    else logger.info('source works again', this.#fields());
  }

  #logFailure(kind: ErrorKind, error: SourceError | undefined, outage: OutageChange): void {
    const { logger, server } = this.#options;
    const remedy = remedyFor(kind, this.#registration.access, server);
    const fields = { ...this.#fields(), kind, cure: remedy, error: error?.message };
    if (outage === 'shared') logger.debug('source fails as others do', fields);
    else logger.warn(outage === 'began' ? 'API server fails' : 'source fails', fields);
  }

  #fields(): { readonly source: string } {
    return { source: this.#source };
  }
}

/** A 404 of a list means that the kind is not served; a 404 of a log means only that its pod is gone. */
function phaseOf(kind: ErrorKind, { isListed }: Registration): SourcePhase {
  if (kind === 'forbidden') return 'forbidden';
  return kind === 'not_served' && isListed ? 'absent' : 'failing';
}

function worst(conditions: Iterable<Condition>): Condition {
  let found: Condition = { phase: 'starting' };
  for (const condition of conditions) {
    if (PHASES.indexOf(condition.phase) > PHASES.indexOf(found.phase)) found = condition;
  }
  return found;
}
