import { setMaxListeners } from 'node:events';
import type { Api } from '../cluster/api.ts';
import { pump, type PumpTiming } from '../cluster/source.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { type Kind, KINDS, namespaceRole, type Resources, resources } from '../model/resources.ts';
import { type Timing, TIMING } from '../model/timing.ts';
import { clusterUidInput } from './cluster-uid.ts';
import type { Input } from './input.ts';
import { type InputParts, type KindInput, kindInput } from './kind.ts';
import { launcherLogsInput } from './launcher-logs.ts';
import { DEFAULT_NAMESPACES, type FoundNamespaces, findNamespaces } from './namespaces.ts';
import { Picture } from './picture.ts';
import { virtApiLogsInput } from './virt-api-logs.ts';

export interface ReadingOptions {
  readonly api: Api;
  readonly config: Config;
  readonly logger: Logger;
  readonly timing?: Timing;
  readonly pumpTiming?: Partial<PumpTiming>;
  /** The clock that ages are measured by; ours by default. */
  readonly nowMs?: () => number;
}

/** Everything that is read of one cluster through its API server, and the picture that it makes. */
export class ClusterReading {
  readonly picture: Picture;
  readonly #options: ReadingOptions;
  readonly #uid: Input;
  readonly #kinds: readonly KindInput[];
  readonly #logs: readonly Input[];

  constructor(options: ReadingOptions) {
    const { api, config, logger, timing = TIMING, pumpTiming = {}, nowMs = Date.now } = options;
    const picture = new Picture({ config, timing, logger, server: api.server, nowMs });
    const table = (): Resources => resources(picture.namespaces ?? DEFAULT_NAMESPACES);
    const parts: InputParts = { api, picture, resources: table, logger, timing, pumpTiming };
    const virtApis = virtApiLogsInput(parts);
    const launchers = launcherLogsInput({ ...parts, mode: config.launcherLogs, shard: config.shard });
    picture.streams = () => ({
      open: virtApis.streams() + launchers.streams(),
      skipped: virtApis.skipped() + launchers.skipped(),
    });
    this.#options = options;
    this.picture = picture;
    this.#uid = clusterUidInput(parts);
    this.#kinds = kindsOf(config).map((kind) => kindInput(kind, parts));
    this.#logs = [virtApis, launchers];
  }

  /**
   * Reads every input once. Rejects with ApiError or ConnectionError when the API server gives no access at all; an
   * input that alone cannot be read is reported among the sources.
   */
  async once(signal: AbortSignal): Promise<void> {
    // Every list and every log listens for the end.
    setMaxListeners(0, signal);
    const { api, config } = this.#options;
    await this.#uid.once(signal);
    this.#settle(await findNamespaces(api, config, signal));
    await Promise.all(this.#kinds.map((input) => input.once(signal)));
    // One after the other: virt-api's log decides which launcher logs are read.
    for (const input of this.#logs) await input.once(signal);
  }

  /** Keeps the picture up to date until the signal aborts. Rejects only for a bug. */
  async follow(signal: AbortSignal): Promise<void> {
    setMaxListeners(0, signal);
    const bound = this.#kinds.filter(({ kind }) => namespaceRole(kind) !== undefined);
    const free = this.#kinds.filter((input) => !bound.includes(input));
    const followAll = (inputs: readonly Input[]): Promise<unknown> =>
      Promise.all(inputs.map((input) => input.follow(signal)));
    await Promise.all([
      followAll([this.#uid, ...free, ...this.#logs]),
      this.#findNamespaces(bound, signal).then(() => (signal.aborted ? undefined : followAll(bound))),
    ]);
  }

  /** Asks until the server answers or the signal aborts; inputs that wait for the answer count as failing meanwhile. */
  async #findNamespaces(waiting: readonly KindInput[], signal: AbortSignal): Promise<void> {
    const { api, config, pumpTiming = {} } = this.#options;
    const answered = new AbortController();
    await pump(
      async function* (stop) {
        yield await findNamespaces(api, config, stop);
      },
      (found) => {
        this.#settle(found);
        answered.abort();
      },
      {
        signal: AbortSignal.any([signal, answered.signal]),
        onError: (error) => waiting.forEach(({ blocked }) => blocked(error)),
        timing: pumpTiming,
      },
    );
  }

  #settle(namespaces: FoundNamespaces): void {
    const { logger } = this.#options;
    this.picture.namespaces = namespaces;
    for (const { component, found, taken } of namespaces.doubts) {
      const log = found.length > 1 ? logger.warn : logger.info;
      log('namespace not found for certain', { component, found: found.join(' '), taken });
    }
  }
}

/** Launcher pods are listed only where their logs are read. */
const kindsOf = ({ launcherLogs }: Config): readonly Kind[] =>
  KINDS.filter((kind) => launcherLogs !== 'off' || kind !== 'virtLaunchers');
