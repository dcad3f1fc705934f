import { type DashboardName, UID } from './link.ts';

/** The panel that explains an alert. */
export interface AlertPanel {
  readonly dashboard: DashboardName;
  readonly panel: number;
  /** Variables of the dashboard that the alert's labels of the same name set. */
  readonly variables: readonly string[];
}

const panel = (dashboard: DashboardName, id: number, ...variables: readonly string[]): AlertPanel => ({
  dashboard,
  panel: id,
  variables,
});

/** Every alert of the pack with its panel; a test holds it to the rules and the dashboards. */
export const ALERT_PANELS: Readonly<Record<string, AlertPanel>> = {
  HarvesterVMFreezeLoop: panel('freeze', 10, 'namespace', 'vm'),
  HarvesterVMBackupFreezeLoop: panel('freeze', 11, 'namespace', 'vm'),
  HarvesterVMFilesystemStuckFrozen: panel('freeze', 14, 'namespace', 'vm'),
  HarvesterVMFreezeFailing: panel('freeze', 12, 'namespace', 'vm'),
  HarvesterVMBackupError: panel('backups', 6, 'namespace', 'vm'),
  HarvesterVMBackupDataMissing: panel('backups', 6, 'namespace', 'vm'),
  HarvesterVMBackupStuck: panel('backups', 6, 'namespace', 'vm'),
  HarvesterVMBackupStale: panel('backups', 10, 'namespace', 'vm'),
  HarvesterVMBackupScheduleSuspended: panel('backups', 20, 'namespace'),
  HarvesterVMBackupScheduleNearSuspension: panel('backups', 20, 'namespace'),
  HarvesterLonghornBackupError: panel('backups', 22),
  HarvesterVMBackupsConcurrent: panel('backups', 5, 'namespace'),
  HarvesterVMNeverBackedUp: panel('backups', 10, 'namespace', 'vm'),
  HarvesterVMBackupUnverified: panel('backups', 10, 'namespace', 'vm'),
  HarvesterVMBackupInBusinessHours: panel('backups', 20, 'namespace'),
  HarvesterBackupTargetConflict: panel('target', 4, 'target_id'),
  HarvesterBackupTargetShared: panel('target', 4, 'target_id'),
  HarvesterBackupTargetUnavailable: panel('target', 2, 'target_id'),
  HarvesterBackupTargetMisconfigured: panel('target', 2),
  HarvesterBackupTargetSharedAcrossClusters: panel('fleet', 2),
  HarvesterBackupTargetConflictAcrossClusters: panel('fleet', 2),
  HarvesterFreezeLoopWillExhaustVirtHandler: panel('freeze', 1, 'node'),
  HarvesterVirtHandlerLeaking: panel('freeze', 21, 'node'),
  HarvesterVirtHandlerMemoryExhaustionSoon: panel('freeze', 20, 'node'),
  HarvesterVirtHandlerMemoryExhaustionImminent: panel('freeze', 20, 'node'),
  HarvesterVirtHandlerMemoryHigh: panel('freeze', 20, 'node'),
  HarvesterVirtHandlerMemorySawtooth: panel('freeze', 3, 'node'),
  HarvesterVirtHandlerOOMKilled: panel('freeze', 3, 'node'),
  HarvesterVirtHandlerMemoryLimitUnknown: panel('freeze', 20, 'node'),
  FreezewatchDown: panel('overview', 1),
  FreezewatchSourceDown: panel('overview', 3),
  FreezewatchLogGap: panel('overview', 3),
};

/**
 * The annotation `dashboard` of an alert: a path below the address of Grafana, with the alert's labels in its variables.
 * A variable that is set to nothing would choose nothing, so a label that may be absent is set only if it is there.
 */
export function dashboardPath(alert: string): string | undefined {
  const found = ALERT_PANELS[alert];
  if (found === undefined) return undefined;
  const variables = ['cluster', ...found.variables].map(
    (name) => `{{ with $labels.${name} }}&var-${name}={{ . | urlquery }}{{ end }}`,
  );
  return `/d/${UID[found.dashboard]}?viewPanel=${found.panel}${variables.join('')}`;
}
