import type { Api } from '../cluster/api.ts';
import { remedyFor, type AccessNeeded } from '../cluster/remedy.ts';
import { errorKindOf } from '../cluster/error-kind.ts';
import { onlyTransient } from '../cluster/source.ts';
import { ApiError } from '../errors.ts';
import { resourcePath } from '../model/resource.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';

export interface VolumeCheckOptions {
  readonly api: Api;
  readonly longhornNamespace: string;
  readonly signal: AbortSignal;
}

/** Why data may be lost with a VMBackup, a sentence for each; empty when every volume is proved to have no data. */
export async function volumeObstacles(
  { namespace, volumes }: Pick<VmBackup, 'namespace' | 'volumes'>,
  options: VolumeCheckOptions,
): Promise<readonly string[]> {
  if (volumes.length === 0) return ['it names no volume, so nothing can be verified'];
  const obstacles: string[] = [];
  for (const { name, longhornBackup } of volumes) {
    if (name === '') obstacles.push('it has a volume without a name, which cannot be verified');
    else obstacles.push(...(await obstacle(snapshotsOf(namespace), name, options)));
    if (longhornBackup !== undefined)
      obstacles.push(...(await obstacle(backupsOf(options.longhornNamespace), longhornBackup, options)));
  }
  return [...new Set(obstacles)];
}

interface ObjectKind {
  readonly noun: string;
  readonly version: string;
  readonly access: AccessNeeded & { readonly namespace: string };
}

const snapshotsOf = (namespace: string): ObjectKind => ({
  noun: 'VolumeSnapshot',
  version: 'v1',
  access: { group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots', verbs: ['get'], namespace },
});

const backupsOf = (namespace: string): ObjectKind => ({
  noun: 'Longhorn Backup',
  version: 'v1beta2',
  access: { group: 'longhorn.io', resource: 'backups', verbs: ['get'], namespace },
});

/** Only an answer "NotFound" for this very object proves that it is absent: a path that is not served is a 404, too. */
async function obstacle(
  { noun, version, access }: ObjectKind,
  name: string,
  { api, signal }: VolumeCheckOptions,
): Promise<readonly string[]> {
  const { group, resource: plural, namespace } = access;
  try {
    await api.getJson(`${resourcePath({ group, version, plural, namespace })}/${encodeURIComponent(name)}`, {
      signal,
    });
    return [`${noun} ${name} exists: deleting the VMBackup could delete its data in the target`];
  } catch (error) {
    signal.throwIfAborted();
    const failure = onlyTransient(error);
    if (failure instanceof ApiError && failure.status === 404 && failure.reason === 'NotFound') return [];
    const remedy = remedyFor(errorKindOf(failure), access, api.server);
    return [`cannot verify that ${noun} ${name} is absent (${failure.message}); ${remedy}`];
  }
}
