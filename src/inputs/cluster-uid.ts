import type { Api } from '../cluster/api.ts';
import { polled } from '../cluster/poll.ts';
import { pump, type PumpTiming } from '../cluster/source.ts';
import type { SourceStatus } from '../cluster/source-status.ts';
import { ConnectionError, DecodeError } from '../errors.ts';
import { objectParts } from '../model/objects/metadata.ts';
import type { Timing } from '../model/timing.ts';
import type { ClusterStore } from '../store/cluster-store.ts';

const SOURCE = 'kube_system_namespace';

export interface ClusterUidOptions {
  readonly api: Api;
  readonly store: ClusterStore;
  readonly status: SourceStatus;
  readonly signal: AbortSignal;
  readonly pumpTiming: Partial<PumpTiming>;
  readonly timing: Timing;
}

/** The path of the one object that tells clusters apart: its uid changes only when a cluster is rebuilt. */
export const CLUSTER_UID_PATH = '/api/v1/namespaces/kube-system';

/** Keeps the cluster's uid in the store. */
export async function readClusterUid({
  api,
  store,
  status,
  signal,
  pumpTiming,
  timing,
}: ClusterUidOptions): Promise<void> {
  const subject = { group: '', resource: 'namespaces', verbs: ['get'] };
  const report = status.register(SOURCE, { subject, isListed: true });
  const read = async function* (stop: AbortSignal): AsyncGenerator<string> {
    yield uidOf(await api.getJson(CLUSTER_UID_PATH, { signal: stop }));
  };
  await pump(
    polled(read, timing.identityPollMs),
    (uid) => {
      store.clusterUid = uid;
      report.listed();
    },
    { signal, onError: (error) => report.failed(error), timing: pumpTiming },
  );
}

/** Throws ConnectionError `nonsense` for an answer that is no namespace. */
export function uidOf(answer: unknown): string {
  try {
    const { uid } = objectParts(answer).metadata;
    if (uid !== '') return uid;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  throw new ConnectionError('nonsense', `${CLUSTER_UID_PATH}: the answer is not a namespace`);
}
