import type { Claim } from '../objects/kubernetes-status.ts';
import type { LonghornBackup } from '../objects/longhorn.ts';
import { type ClusterView, perView } from '../view.ts';

/**
 * The VM that uses each PersistentVolumeClaim, by `namespace/claim`. A running VM may have disks its VirtualMachine does not
 * name: those that were plugged into the instance only (kubevirt pkg/virt-api/rest/volumes.go).
 */
export const vmByClaim: (view: ClusterView) => ReadonlyMap<string, string> = perView(
  ({ virtualMachines, vmis }) =>
    new Map(
      [...vmis, ...virtualMachines].flatMap(({ namespace, name, claims }) =>
        claims.map((claim) => [`${namespace}/${claim}`, name] as const),
      ),
    ),
);

/** The claim that has each Longhorn volume now. */
const claimByVolume: (view: ClusterView) => ReadonlyMap<string, Claim> = perView(
  ({ persistentVolumes }) =>
    new Map(
      Array.from(persistentVolumes).flatMap(({ longhornVolume, claim }) =>
        longhornVolume === undefined || claim === undefined ? [] : [[longhornVolume, claim] as const],
      ),
    ),
);

/** The Longhorn volume of each claim now, by `namespace/claim`. */
export const volumeByClaim: (view: ClusterView) => ReadonlyMap<string, string> = perView(
  (view) =>
    new Map(
      [...claimByVolume(view)].map(([volume, { namespace, name }]) => [`${namespace}/${name}`, volume]),
    ),
);

/** The claim a Longhorn Backup was made of; undefined when it names no claim and its volume has none now. */
export const claimOfBackup = (view: ClusterView, { claim, volume }: LonghornBackup): Claim | undefined =>
  claim ?? claimByVolume(view).get(volume);
