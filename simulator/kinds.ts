import type { KindDefinition } from './kube-object.ts';
import { BUILT_IN_KINDS } from './kinds/built-in-kinds.ts';
import { harvesterKinds } from './kinds/harvester-kinds.ts';
import { KUBEVIRT_KINDS } from './kinds/kubevirt-kinds.ts';
import { longhornKinds } from './kinds/longhorn-kinds.ts';
import { MONITORING_KINDS } from './kinds/monitoring-kinds.ts';
import { SNAPSHOT_KINDS } from './kinds/snapshot-kinds.ts';

/** What is installed in a simulated cluster; false or absent: that product, and so its CRDs, are missing. */
export interface InstalledProducts {
  readonly kubevirt: boolean;
  /** `errorColumn` is 'date' up to 1.6, 'string' from 1.7 on; `schedules` is false before 1.4. */
  readonly harvester?: { readonly errorColumn: 'date' | 'string'; readonly schedules: boolean };
  /** `backupTargets` is true from 1.8 on. */
  readonly longhorn?: { readonly backupTargets: boolean };
  readonly monitoring: boolean;
}

/** Every kind a cluster with these products serves, the built-in ones first. */
export function kindsServed({
  kubevirt,
  harvester,
  longhorn,
  monitoring,
}: InstalledProducts): readonly KindDefinition[] {
  return [
    ...BUILT_IN_KINDS,
    ...SNAPSHOT_KINDS,
    ...(kubevirt ? KUBEVIRT_KINDS : []),
    ...(harvester === undefined ? [] : harvesterKinds(harvester)),
    ...(longhorn === undefined ? [] : longhornKinds(longhorn)),
    ...(monitoring ? MONITORING_KINDS : []),
  ];
}
