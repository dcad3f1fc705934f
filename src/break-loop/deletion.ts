import { setTimeout as sleep } from 'node:timers/promises';
import { remedyFor } from '../cluster/remedy.ts';
import { errorKindOf } from '../cluster/error-kind.ts';
import { metadataOf } from '../cluster/list-page.ts';
import { onlyTransient } from '../cluster/source.ts';
import { ApiError, DecodeError } from '../errors.ts';
import { vmBackupState } from '../model/backups/backup-state.ts';
import { resourcePath } from '../model/resource.ts';
import { decodeVmBackup, type VmBackup } from '../model/objects/vm-backup.ts';
import { volumeObstacles, type VolumeCheckOptions } from './volume-check.ts';

export type DeletionResult =
  | { readonly outcome: 'deleted' | 'gone' }
  /** Accepted, but finalizers hold the object for longer than we wait. */
  | { readonly outcome: 'deleting' }
  /** It changed since it was planned; nothing was done. */
  | { readonly outcome: 'kept'; readonly reason: string }
  /** Nothing was done; the next would fail as well. */
  | { readonly outcome: 'failed'; readonly reason: string };

interface DeletionOptions extends VolumeCheckOptions {
  /** How long to wait for finalizers; default 10 s. */
  readonly waitMs?: number;
}

/** As the row of `src/model/resources.ts` has it, for one object. */
const VM_BACKUPS = { group: 'harvesterhci.io', version: 'v1beta1', plural: 'virtualmachinebackups' } as const;
/** The controller writes an object in the loop up to once a second: the one that was read may be old at once. */
const ATTEMPTS = 10;
const WAIT_MS = 10_000;
/** Most objects are gone within milliseconds: the second look comes soon, the later ones at longer intervals. */
const FIRST_LOOK_AFTER_MS = 10;
const LATER_LOOKS_AFTER_MS = 250;

/**
 * Deletes one VMBackup after reading and checking it anew; the server deletes it only if it is still the very object
 * that was checked.
 */
export async function deleteBackup(planned: VmBackup, options: DeletionOptions): Promise<DeletionResult> {
  const path = pathOf(planned);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const object = await options.api.getJson(path, options);
      const reason = await reasonToKeep(planned, decodeVmBackup(object), options);
      if (reason !== undefined) return { outcome: 'kept', reason };
      if (await isDeleted(path, planned, object, options)) return await whenGone(path, options);
    }
    return { outcome: 'kept', reason: 'it changes faster than it can be checked; try again' };
  } catch (error) {
    options.signal.throwIfAborted();
    return resultOfFailure(error, options);
  }
}

const pathOf = ({ namespace, name }: VmBackup): string =>
  `${resourcePath({ ...VM_BACKUPS, namespace })}/${encodeURIComponent(name)}`;

async function reasonToKeep(
  planned: VmBackup,
  now: VmBackup,
  options: VolumeCheckOptions,
): Promise<string | undefined> {
  if (now.uid !== planned.uid) return 'it is another object of the same name now';
  if (vmBackupState(now, false) !== 'error') return 'it is not in error any more';
  const against = await volumeObstacles(now, options);
  return against.length === 0 ? undefined : against.join('; ');
}

/** False when it was written since it was read. */
async function isDeleted(
  path: string,
  { uid }: VmBackup,
  object: unknown,
  { api, signal }: VolumeCheckOptions,
): Promise<boolean> {
  const { resourceVersion } = metadataOf(object);
  const body = { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid, resourceVersion } };
  try {
    await api.remove(path, body, { signal });
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false;
    throw error;
  }
}

async function whenGone(path: string, options: DeletionOptions): Promise<DeletionResult> {
  const { api, signal, waitMs = WAIT_MS } = options;
  const untilMs = performance.now() + waitMs;
  for (let pauseMs = FIRST_LOOK_AFTER_MS; performance.now() < untilMs; pauseMs *= 2) {
    try {
      await api.getJson(path, { signal });
    } catch (error) {
      if (isNotFound(error)) return { outcome: 'deleted' };
      throw error;
    }
    await sleep(Math.min(pauseMs, LATER_LOOKS_AFTER_MS), undefined, { signal });
  }
  return { outcome: 'deleting' };
}

const isNotFound = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

function resultOfFailure(error: unknown, { api }: VolumeCheckOptions): DeletionResult {
  if (isNotFound(error)) return { outcome: 'gone' };
  // The next object may decode.
  if (error instanceof DecodeError)
    return { outcome: 'kept', reason: `it has not the shape we rely on (${error.message})` };
  const failure = onlyTransient(error);
  const { group, plural: resource } = VM_BACKUPS;
  const access = { group, resource, verbs: ['get', 'delete'] };
  return {
    outcome: 'failed',
    reason: `${failure.message}; ${remedyFor(errorKindOf(failure), access, api.server)}`,
  };
}
