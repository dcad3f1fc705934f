/** How a KubeVirt release leaks on the REST calls of virt-handler (pkg/virt-handler/rest/lifecycle.go). */
export type LeakClass = 'per_freeze' | 'per_freeze_softened' | 'client_race' | 'none';

/** What a Harvester release ships, and how its backup controllers behave. */
export interface Release {
  /** Empty for a plain KubeVirt without Harvester. */
  readonly harvester: string;
  readonly kubevirt: string;
  /** The tag of the virt-* images: the KubeVirt version with the vendor's suffix. */
  readonly imageTag: string;
  readonly imagePath: string;
  readonly longhorn: string;
  readonly leak: LeakClass;
  /** Source lines as `pos` shows them. */
  readonly positions: {
    readonly server: Readonly<Record<'freeze' | 'freezeFailed' | 'sync', number>>;
    readonly safetyUnfreeze: string;
  };
  /** <= 1.4: a volume without VolumeSnapshot freezes the VM before its Longhorn backup is looked up. */
  readonly freezesBeforeBinding: boolean;
  /** >= 1.4.2: a backup is imported only when its data is in the store and here (bk/backup_metadata.go). */
  readonly checksBeforeImport: boolean;
  /** <= 1.4.1: every event of the Setting imports, the resync of the informers included. */
  readonly importsOnEveryResync: boolean;
  /** >= 1.6, with a refresh interval: ready backups are looked up again. */
  readonly rechecksReady: boolean;
  /** 1.7 and 1.8 leave readyToUse true beside the condition. */
  readonly keepsReadyToUse: boolean;
  readonly conditionTime: 'lastTransitionTime' | 'lastUpdateTime';
  readonly reportsMetadataReady: boolean;
  readonly schedules: boolean;
  /** Longhorn >= 1.8: named BackupTargets, and BackupVolumes with a random suffix. */
  readonly namedTargets: boolean;
}

interface Shipped {
  readonly harvester: string;
  readonly tag: string;
  readonly longhorn: string;
  readonly path: string;
}

const SLES = 'suse/sles';
/** harvester deploy/charts/harvester/values.yaml and Chart.yaml at each tag. */
const SHIPPED: readonly Shipped[] = [
  { harvester: '1.3.2', tag: '1.1.1-150500.8.18.1', longhorn: '1.6.2', path: `${SLES}/15.5` },
  { harvester: '1.4.1', tag: '1.2.2-150500.8.21.1', longhorn: '1.7.2', path: `${SLES}/15.5` },
  { harvester: '1.4.2', tag: '1.3.1-150600.5.9.1', longhorn: '1.7.2', path: `${SLES}/15.6` },
  { harvester: '1.4.3', tag: '1.3.1-150600.5.9.1', longhorn: '1.7.3', path: `${SLES}/15.6` },
  { harvester: '1.5.0', tag: '1.4.0-150600.5.15.1', longhorn: '1.8.1', path: `${SLES}/15.6` },
  { harvester: '1.5.2', tag: '1.4.1-150600.5.21.2', longhorn: '1.8.2', path: `${SLES}/15.6` },
  { harvester: '1.6.1', tag: '1.5.2-150700.3.5.2', longhorn: '1.9.2', path: `${SLES}/15.7` },
  { harvester: '1.7.1', tag: '1.6.3-150700.3.13.1', longhorn: '1.10.1', path: `${SLES}/15.7` },
  { harvester: '1.8.2', tag: '1.7.4-150700.3.24.2', longhorn: '1.11.2', path: `${SLES}/15.7` },
];

export const HARVESTER_VERSIONS: readonly string[] = SHIPPED.map(({ harvester }) => harvester);

/** The release of a Harvester version; throws for one that is not in the table. */
export function harvesterRelease(version: string): Release {
  const shipped = SHIPPED.find(({ harvester }) => harvester === version);
  if (shipped === undefined)
    throw new RangeError(
      `Harvester ${version} is not simulated; choose one of ${HARVESTER_VERSIONS.join(', ')}`,
    );
  return release(shipped);
}

/** A plain KubeVirt, installed from its own manifests. */
export const plainKubeVirt = (version: string): Release =>
  release({ harvester: '', tag: `v${version}`, longhorn: '1.7.2', path: 'kubevirt' });

function release({ harvester, tag, longhorn, path }: Shipped): Release {
  const kubevirt = /\d+\.\d+\.\d+/.exec(tag)?.[0] ?? '';
  const from = (version: string): boolean => !isOlder(harvester, version);
  return {
    harvester,
    kubevirt,
    imageTag: tag,
    imagePath: path,
    longhorn,
    leak: leakOf(kubevirt),
    positions: positionsOf(kubevirt),
    freezesBeforeBinding: !from('1.5.0'),
    checksBeforeImport: from('1.4.2'),
    importsOnEveryResync: !from('1.4.2'),
    rechecksReady: from('1.6.0'),
    keepsReadyToUse: from('1.7.0') && !from('1.9.0'),
    conditionTime: from('1.7.0') ? 'lastUpdateTime' : 'lastTransitionTime',
    reportsMetadataReady: from('1.4.0'),
    schedules: from('1.4.0'),
    namedTargets: !isOlder(longhorn, '1.8.0'),
  };
}

function leakOf(kubevirt: string): LeakClass {
  if (isOlder(kubevirt, '1.4.0')) return 'per_freeze';
  if (isOlder(kubevirt, '1.5.3') || kubevirt === '1.6.0') return 'per_freeze_softened';
  return isOlder(kubevirt, '1.6.0') || !isOlder(kubevirt, '1.8.4') ? 'none' : 'client_race';
}

/** KubeVirt pkg/virt-launcher/virtwrap/manager.go: where the safety timer logs. */
const SAFETY_UNFREEZE_LINES: Readonly<Record<string, number>> = {
  '1.1.1': 1567,
  '1.2.2': 1567,
  '1.3.1': 1656,
  '1.4.0': 1690,
  '1.4.1': 1699,
  '1.5.2': 1703,
  '1.6.3': 1833,
  '1.7.4': 2107,
};

const positionsOf = (kubevirt: string): Release['positions'] => ({
  server: { freeze: 275, freezeFailed: 269, sync: 208 },
  safetyUnfreeze: `manager.go:${SAFETY_UNFREEZE_LINES[kubevirt] ?? 1656}`,
});

/** Whether one `x.y.z` precedes another; an empty version (no Harvester) does not. */
export function isOlder(version: string, than: string): boolean {
  if (version === '') return false;
  const [left, right] = [version, than].map((text) => text.split('.').map(Number));
  const index = [0, 1, 2].find((part) => left?.[part] !== right?.[part]);
  return index !== undefined && (left?.[index] ?? 0) < (right?.[index] ?? 0);
}
