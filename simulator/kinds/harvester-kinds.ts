import type { KindDefinition } from '../kube-object.ts';
import { age, column, kindsOf } from './kind-definition.ts';

const harvester = kindsOf('harvesterhci.io', 'v1beta1');

const addons = harvester('Addon', 'addons', {
  columns: [
    column('HelmRepo', 'string', '.spec.repo'),
    column('ChartName', 'string', '.spec.chart'),
    column('Enabled', 'boolean', '.spec.enabled'),
  ],
});

const harvesterSettings = harvester('Setting', 'settings', {
  columns: [column('VALUE', 'string', '.value')],
  clusterScoped: true,
});

const scheduleVmBackups = harvester('ScheduleVMBackup', 'schedulevmbackups', {
  shortNames: ['svmbackup', 'svmbackups'],
  columns: [
    column('Cron', 'string', '.spec.cron'),
    column('Retain', 'integer', '.spec.retain'),
    column('MaxFailure', 'integer', '.spec.maxFailure'),
    column('SpecSuspend', 'boolean', '.spec.suspend'),
    column('Source', 'string', '.spec.vmbackup.source.name'),
    column('Suspended', 'string', '.status.suspended'),
    column('Failure', 'integer', '.status.failure'),
  ],
});

const virtualMachineRestores = harvester('VirtualMachineRestore', 'virtualmachinerestores', {
  shortNames: ['vmrestore', 'vmrestores'],
  columns: [
    column('TARGET_KIND', 'string', '.spec.target.kind'),
    column('TARGET_NAME', 'string', '.spec.target.name'),
    column('COMPLETE', 'boolean', '.status.complete'),
    age('AGE'),
    column('ERROR', 'date', '.status.error.message'),
  ],
});

const virtualMachineBackups = (errorColumn: 'date' | 'string'): KindDefinition =>
  harvester('VirtualMachineBackup', 'virtualmachinebackups', {
    shortNames: ['vmbackup', 'vmbackups'],
    columns: [
      column('SOURCE_KIND', 'string', '.spec.source.kind'),
      column('SOURCE_NAME', 'string', '.spec.source.name'),
      column('TYPE', 'string', '.spec.type'),
      column('READY_TO_USE', 'boolean', '.status.readyToUse'),
      age('AGE'),
      column('ERROR', errorColumn, '.status.error.message'),
    ],
  });

/**
 * The CRDs of one Harvester version. `errorColumn` is 'date' up to 1.6, where the text of an error prints as
 * `<invalid>`; `schedules` is false before 1.4.
 */
export function harvesterKinds(options: {
  readonly errorColumn: 'date' | 'string';
  readonly schedules: boolean;
}): readonly KindDefinition[] {
  return [
    virtualMachineBackups(options.errorColumn),
    virtualMachineRestores,
    ...(options.schedules ? [scheduleVmBackups] : []),
    harvesterSettings,
    addons,
  ];
}
