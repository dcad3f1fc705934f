import type { Api } from '../cluster/api.ts';
import { metadataOf, pageOf } from '../cluster/list-page.ts';
import type { Config } from '../config/config.ts';
import { ApiError } from '../errors.ts';
import type { NamespaceDoubt } from '../model/view.ts';
import type { Namespaces } from '../model/resources.ts';

/** Harvester's; also taken where nothing better is found. */
export const DEFAULT_NAMESPACES: Namespaces = { kubevirt: 'harvester-system', longhorn: 'longhorn-system' };

export interface FoundNamespaces extends Namespaces {
  /** The namespaces that the objects of the cluster do not settle. */
  readonly doubts: readonly NamespaceDoubt[];
}

/**
 * Kinds that lie in the namespace of the installation, and nowhere else: the KubeVirt object is where virt-operator puts
 * all of KubeVirt (KubeVirt pkg/virt-operator/resource/generate/install/strategy.go), Longhorn's objects are where
 * longhorn-manager runs (longhorn-manager types/types.go, environment POD_NAMESPACE).
 */
const LANDMARKS: Readonly<Record<keyof Namespaces, readonly string[]>> = {
  kubevirt: ['/apis/kubevirt.io/v1/kubevirts'],
  longhorn: ['/apis/longhorn.io/v1beta2/backuptargets', '/apis/longhorn.io/v1beta2/volumes'],
};
/** Enough to see a second namespace. */
const LIMIT = 50;

/**
 * The namespaces of KubeVirt and Longhorn: those of the options, else those of the objects in the cluster. Where none or
 * several are found, Harvester's, reported as a doubt. Rejects with a TransientError while the server gives no answer.
 */
export async function findNamespaces(
  api: Pick<Api, 'getJson'>,
  { kubevirtNamespace, longhornNamespace }: Pick<Config, 'kubevirtNamespace' | 'longhornNamespace'>,
  signal: AbortSignal,
): Promise<FoundNamespaces> {
  const doubts: NamespaceDoubt[] = [];
  const find = async (component: keyof Namespaces, given: string | undefined): Promise<string> => {
    if (given !== undefined) return given;
    const found = await namespacesOf(api, LANDMARKS[component], signal);
    const [only, ...others] = found ?? [];
    if (only !== undefined && others.length === 0) return only;
    const taken = DEFAULT_NAMESPACES[component];
    // Without these kinds nothing is installed here, so there is no doubt to report.
    if (found !== undefined) doubts.push({ component, found, taken });
    return taken;
  };
  const [kubevirt, longhorn] = await Promise.all([
    find('kubevirt', kubevirtNamespace),
    find('longhorn', longhornNamespace),
  ]);
  return { kubevirt, longhorn, doubts };
}

/** The namespaces that hold objects of the first kind that has any; undefined where none of the kinds is served. */
async function namespacesOf(
  api: Pick<Api, 'getJson'>,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  let served = false;
  for (const path of paths) {
    const items = await itemsOf(api, path, signal);
    if (items === undefined) continue;
    served = true;
    const names = new Set(items.flatMap((item) => metadataOf(item).namespace ?? []));
    if (names.size > 0) return [...names].sort();
  }
  return served ? [] : undefined;
}

/** undefined for a kind that is not served; empty for one that may not be listed everywhere. */
async function itemsOf(
  api: Pick<Api, 'getJson'>,
  path: string,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const query = `${path}?limit=${LIMIT}`;
  try {
    return pageOf(await api.getJson(query, { signal }), query).items;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    if (error instanceof ApiError && error.status === 403) return [];
    throw error;
  }
}
