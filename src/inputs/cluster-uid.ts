import { polled } from '../cluster/poll.ts';
import { onlyTransient, pump } from '../cluster/source.ts';
import { ApiError, ConnectionError, DecodeError } from '../errors.ts';
import { objectParts } from '../model/objects/metadata.ts';
import type { Input } from './input.ts';
import type { InputParts } from './kind.ts';

const SOURCE = 'kube_system_namespace';

/** The path of the object that identifies a cluster: its uid changes only when the cluster is rebuilt. */
export const CLUSTER_UID_PATH = '/api/v1/namespaces/kube-system';

/**
 * The cluster's uid. It is the first thing that is read once, and rejects with ApiError or ConnectionError when the
 * API server gives no access at all: it does not answer, or rejects our credentials.
 */
export function clusterUidInput({ api, picture, timing, pumpTiming }: InputParts): Input {
  const access = { group: '', resource: 'namespaces', verbs: ['get'] };
  const report = picture.status.register(SOURCE, { access, isListed: true });
  const read = async (signal: AbortSignal): Promise<string> =>
    uidOf(await api.getJson(CLUSTER_UID_PATH, { signal }));
  const keep = (uid: string): void => {
    picture.store.clusterUid = uid;
    report.listed();
  };
  return {
    once: async (signal) => {
      try {
        keep(await read(signal));
      } catch (error) {
        const failure = onlyTransient(error);
        report.failed(failure);
        // Only this object is forbidden: the cluster answers, and its uid stays unknown.
        if (!(failure instanceof ApiError) || failure.status === 401) throw failure;
      }
    },
    follow: (signal) =>
      pump(
        polled(async function* (stop) {
          yield await read(stop);
        }, timing.identityPollMs),
        keep,
        { signal, onError: (error) => report.failed(error), timing: pumpTiming },
      ),
  };
}

/** Throws ConnectionError `nonsense` for an answer that is no namespace. */
function uidOf(answer: unknown): string {
  try {
    const { uid } = objectParts(answer).metadata;
    if (uid !== '') return uid;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  throw new ConnectionError('nonsense', `${CLUSTER_UID_PATH}: the answer is not a namespace`);
}
