import type { ClusterView, SourceReport } from '../../../src/model/view.ts';
import {
  aBackupTarget,
  aBackupVolume,
  aLonghornBackup,
  anErrorBackup,
  aPodMemory,
  aRestore,
  aSchedule,
  aServerVersion,
  aTargetSetting,
  aView,
  aVirtApi,
  aVirtHandler,
  aVm,
  aVmBackup,
  aVmi,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  type ViewOverrides,
} from '../../builders.ts';

const source = (name: string, overrides: Partial<SourceReport> = {}): SourceReport => ({
  source: name,
  up: true,
  lastSuccessMs: NOW_MS - 4_000,
  errors: new Map(),
  ...overrides,
});

const vms = ['db', 'web', 'queue', 'mail'];
const readyBackups = vms.map((vm) => aVmBackup({ name: `${vm}-nightly`, vm }));
const restOf = (overrides: ViewOverrides): ViewOverrides => ({
  virtualMachines: vms.map((name) => aVm({ name })),
  vmis: vms.map((name) => aVmi({ name, node: name === 'db' ? 'node-1' : 'node-2' })),
  serverVersions: [aServerVersion('v1.4.1')],
  targetSettings: [aTargetSetting()],
  backupTargets: [aBackupTarget()],
  backupVolumes: [aBackupVolume()],
  longhornBackups: [aLonghornBackup()],
  schedules: [aSchedule({ vm: 'web' })],
  vmBackups: readyBackups,
  restores: vms.map((vm) => aRestore({ name: vm, vmBackup: `${vm}-nightly` })),
  sources: ['virt_api_logs', 'virtualmachinebackups', 'virtualmachineinstances', 'longhorn_backups'].map(
    (name) => source(name),
  ),
  ...overrides,
});

/** A production cluster of Harvester 1.4 in the middle of the incident. */
export const incidentView = (overrides: ViewOverrides = {}): ClusterView =>
  aView(
    restOf({
      vmBackups: [
        ...readyBackups,
        ...['weekly', 'monthly', 'before-upgrade'].map((name, index) =>
          anErrorBackup({ name, uid: name, failedSinceMs: NOW_MS - (index + 2) * HOUR_MS }),
        ),
      ],
      freezeTrends: {
        'prod/db': Array.from({ length: 50 }, (_, index) =>
          Math.round(30 + 12 * Math.sin(index / 4) + (index > 30 ? 10 : 0)),
        ),
      },
      schedules: [aSchedule({ name: 'web-nightly', vm: 'web', failures: 4, suspendedBy: 'failures' })],
      virtApis: [aVirtApi()],
      virtHandlers: [
        aVirtHandler({
          name: 'virt-handler-1',
          node: 'node-1',
          container: { restarts: 3, oomKilledMs: NOW_MS - 14 * MINUTE_MS },
        }),
        aVirtHandler({ name: 'virt-handler-2', node: 'node-2' }),
      ],
      virtHandlerMemory: [
        aPodMemory(1_540_000_000, { name: 'virt-handler-1' }),
        aPodMemory(260_000_000, { name: 'virt-handler-2' }),
      ],
      virtualMachines: [...vms, 'scratch'].map((name) => aVm({ name, createdMs: NOW_MS - 9 * DAY_MS })),
      sources: [
        ...['virt_api_logs', 'virtualmachinebackups', 'virtualmachineinstances'].map((name) => source(name)),
        source('longhorn_volumes', {
          up: false,
          lastSuccessMs: undefined,
          errors: new Map([['forbidden', 3]]),
          remedy:
            'bind a Role in namespace longhorn-system with the rule {apiGroups: ["longhorn.io"], resources: ["volumes"], verbs: ["list","watch"]} to our service account',
        }),
      ],
      ...overrides,
    }),
  );

/** The same cluster, mended: KubeVirt without a leak, no failed backup. */
export const healthyView = (): ClusterView =>
  aView(
    restOf({
      serverVersions: [aServerVersion('v1.8.2')],
      virtApis: [aVirtApi()],
      virtHandlers: [aVirtHandler({ container: { image: 'registry.example/virt-handler:1.8.4-1' } })],
      virtHandlerMemory: [aPodMemory(260_000_000)],
    }),
  );
