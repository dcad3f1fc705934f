import { setMaxListeners } from 'node:events';
import type { Api } from '../cluster/api.ts';
import { LogScanner } from '../cluster/log-scanner.ts';
import { stampOf } from '../cluster/log-stamp.ts';
import { onlyTransient } from '../cluster/source.ts';
import { SourceStatus } from '../cluster/source-status.ts';
import { list } from '../cluster/watch.ts';
import { ApiError } from '../errors.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../logger.ts';
import { ACCESS_LINE_NEEDLE, parseAccessLine } from '../model/logs/access-line.ts';
import type { Change, Identity } from '../model/change.ts';
import type { Pod } from '../model/objects/pod.ts';
import type { Resource } from '../model/resource.ts';
import { type Kind, resources } from '../model/resources.ts';
import { TIMING } from '../model/timing.ts';
import type { ClusterView } from '../model/view.ts';
import { ClusterStore } from '../store/cluster-store.ts';
import { liveView, VIRT_API_LOGS } from '../store/live-view.ts';
import { VERSION } from '../version.ts';
import { CLUSTER_UID_PATH, uidOf } from './cluster-uid.ts';
import { add, Tallies } from './tallies.ts';

export interface LookOptions {
  readonly api: Api;
  readonly config: Config;
  readonly signal: AbortSignal;
  /** Whether to read freeze calls from the log of virt-api; otherwise only VMBackups tell of loops. */
  readonly readsLogs: boolean;
}

/**
 * The freeze calls of the last hour, as far as the newest file of virt-api's log reaches: less would not show a loop of
 * one call every two minutes.
 */
const LOG_SECONDS = 3_600;
const MAX_LINE_BYTES = 64 * 1_024;
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/**
 * One look at a cluster: every kind listed once and the recent calls in virt-api's log, without a watch. What cannot be
 * read is reported among the view's sources. Rejects with ApiError or ConnectionError when the API server lets us in
 * nowhere: it does not answer, or does not know us.
 */
export async function lookOnce({ api, config, signal, readsLogs }: LookOptions): Promise<ClusterView> {
  const { kubevirtNamespace, longhornNamespace } = config;
  const look: Look = {
    api,
    signal,
    store: new ClusterStore(TIMING, () => Date.now() + api.clockSkewMs()),
    status: new SourceStatus({
      logger: SILENT,
      server: api.server,
      now: () => Date.now() + api.clockSkewMs(),
    }),
    tallies: new Tallies(),
    table: resources({ kubevirt: kubevirtNamespace, longhorn: longhornNamespace }),
  };
  // Every list and every log listens for the end.
  setMaxListeners(0, signal);
  await readUid(look);
  // Launchers tell nothing that is gone a moment later.
  const kinds = (Object.keys(look.table) as Kind[]).filter((kind) => kind !== 'virtLaunchers');
  await Promise.all(kinds.map((kind) => listKind(look, kind)));
  if (readsLogs) await readAccessLogs(look, kubevirtNamespace);
  return viewOf(look, config);
}

interface Look {
  readonly api: Api;
  readonly signal: AbortSignal;
  readonly store: ClusterStore;
  readonly status: SourceStatus;
  readonly tallies: Tallies;
  readonly table: ReturnType<typeof resources>;
}

async function readUid({ api, signal, store }: Look): Promise<void> {
  try {
    store.clusterUid = uidOf(await api.getJson(CLUSTER_UID_PATH, { signal }));
  } catch (error) {
    const failure = onlyTransient(error);
    // Not allowed to see this one object: a cluster without its uid, but a cluster that answers.
    if (!(failure instanceof ApiError) || failure.status === 401) throw failure;
  }
}

async function listKind({ api, signal, store, status, tallies, table }: Look, kind: Kind): Promise<void> {
  const resource: Resource = table[kind];
  const { group, plural, namespace, source } = resource;
  const place = namespace === undefined ? {} : { namespace };
  const subject = { group, resource: plural, verbs: ['list'], ...place };
  const report = status.register(source, { subject, isListed: true });
  const sink = store.sink(kind) as (change: Change<Identity>) => void;
  const listed = list(api, resource, {
    onDecodeError: () => add(tallies.decodeErrors, source),
    onListed: () => report.listed(),
  });
  try {
    for await (const change of listed(signal)) sink(change);
  } catch (error) {
    signal.throwIfAborted();
    report.failed(onlyTransient(error));
  }
}

async function readAccessLogs(look: Look, namespace: string): Promise<void> {
  const subject = { group: '', resource: 'pods/log', verbs: ['get'], namespace };
  const report = look.status.register(VIRT_API_LOGS, { subject, isListed: false });
  const running = [...look.store.tables.virtApis].filter(({ phase }) => phase === 'Running');
  await Promise.all(
    running.map(async (pod) => {
      const member = report.member(pod.name);
      try {
        await readAccessLog(look, pod);
        member.succeeded();
      } catch (error) {
        look.signal.throwIfAborted();
        member.failed(onlyTransient(error));
      }
    }),
  );
}

async function readAccessLog({ api, signal, store }: Look, pod: Pod): Promise<void> {
  const query = `container=virt-api&timestamps=true&sinceSeconds=${LOG_SECONDS}`;
  const chunks = await api.stream(`/api/v1/namespaces/${pod.namespace}/pods/${pod.name}/log?${query}`, {
    signal,
    idleTimeoutMs: 30_000,
  });
  const scanner = new LogScanner({ needle: Buffer.from(ACCESS_LINE_NEEDLE), maxLineBytes: MAX_LINE_BYTES });
  let isRead = false;
  for await (const chunk of chunks) {
    const oldestMs = isRead ? NaN : Date.parse(stampOf(chunk));
    if (!Number.isNaN(oldestMs)) store.freezes.readSince(oldestMs);
    isRead = true;
    for (const { bytes } of scanner.lines(chunk, () => false)) {
      const stamp = stampOf(bytes);
      const request = parseAccessLine(bytes.toString('utf8', stamp.length + 1));
      if (request !== undefined) store.recordFreeze(request, Date.parse(stamp));
    }
  }
}

function viewOf({ api, store, status, tallies, table }: Look, config: Config): ClusterView {
  const view = liveView({
    store,
    resources: table,
    timing: TIMING,
    kubevirtNamespace: config.kubevirtNamespace,
    businessHours: config.businessHours,
    allowedSharing: config.allowedTargets,
    shard: { index: 1, total: 1 },
    sources: () => status.snapshot(),
    exporter: () => ({
      version: VERSION,
      nodeVersion: process.version,
      decodeErrors: tallies.decodeErrors,
      logLines: tallies.logLines,
      logGaps: tallies.logGaps,
      logStreams: 0,
      logStreamsSkipped: 0,
    }),
    nowMs: () => Date.now() + api.clockSkewMs(),
  });
  // Who looks once cannot see since when a backup is gone: what is missing now is taken to be missing for long.
  const targets = [...view.targetHistory.targets].map(
    ([name, past]) => [name, { ...past, placeSinceMs: 0, availableSinceMs: undefined }] as const,
  );
  return {
    ...view,
    frozenSinceMsOf: () => undefined,
    targetHistory: { ...view.targetHistory, targets: new Map(targets) },
  };
}
