/** Something that goes wrong between a client and its API server. */
export type Fault =
  /** The request is refused: 401, 403, 404, 410, 429, 500, 503, … */
  | { readonly type: 'status'; readonly code: number; readonly retryAfterSeconds?: number }
  /** The request is accepted and never answered. */
  | { readonly type: 'hang' }
  /** The connection is reset instead of an answer. */
  | { readonly type: 'destroy' }
  /** 200 with an HTML page, as from a login page or a load balancer. */
  | { readonly type: 'nonsense' }
  /** Data written from now on never arrives; the connection stays open. */
  | { readonly type: 'stall' }
  /** Bodies arrive in pieces of `bytes`, each `delayMs` after the one before. */
  | { readonly type: 'slow'; readonly bytes: number; readonly delayMs: number }
  /** Bodies arrive in pieces of `bytes`, without regard to lines and characters. */
  | { readonly type: 'split'; readonly bytes: number }
  /** The connection is reset after so many bytes of the body. */
  | { readonly type: 'truncate'; readonly bytes: number }
  /** Watches are answered with 200 and end at once. */
  | { readonly type: 'close-watch' }
  /** Watches that start at a version are too old, reported by an ERROR event or by HTTP status 410. */
  | { readonly type: 'expire-watch'; readonly as: 'event' | 'http' }
  /** Every event of a watch arrives twice. */
  | { readonly type: 'duplicate-events' }
  /** Each two events of a watch change places. */
  | { readonly type: 'reorder-events' }
  /** Logs ignore `sinceTime` and `sinceSeconds`. */
  | { readonly type: 'ignore-since' }
  /** The Date header is off by so much. */
  | { readonly type: 'clock-skew'; readonly ms: number };

type FaultOf<Type extends Fault['type']> = Extract<Fault, { readonly type: Type }>;

interface Injected {
  readonly fault: Fault;
  readonly request: RegExp;
  remaining: number;
}

/** The faults of one API server, switched on and off while it runs. */
export class Faults {
  readonly #injected = new Set<Injected>();

  /**
   * From now on, `fault` befalls the requests whose `METHOD /path?query` matches `request` (all by default), `times` times
   * (for ever by default). The returned function ends it.
   */
  inject(fault: Fault, options: { readonly request?: RegExp; readonly times?: number } = {}): () => void {
    const injected = { fault, request: options.request ?? /^/, remaining: options.times ?? Infinity };
    this.#injected.add(injected);
    return () => this.#injected.delete(injected);
  }

  /** Ends every fault. */
  clear(): void {
    this.#injected.clear();
  }

  /** The fault of that type that a request meets now; its count goes down by one. undefined without such a fault. */
  take<Type extends Fault['type']>(type: Type, request: string): FaultOf<Type> | undefined {
    for (const injected of this.#injected) {
      if (injected.fault.type !== type || !injected.request.test(request)) continue;
      injected.remaining -= 1;
      if (injected.remaining <= 0) this.#injected.delete(injected);
      return injected.fault as FaultOf<Type>;
    }
    return undefined;
  }
}
