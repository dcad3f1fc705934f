import { DEFAULT_TARGET } from '../model/objects/longhorn.ts';
import type { ClusterView } from '../model/view.ts';
import { commandLine } from './shell-word.ts';

/**
 * `kubectl get vmbackups` shows no error before Harvester 1.7 (its column is declared a date), so the text is asked for
 * by its path.
 */
const ERRORS =
  '{range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}';

/** Lists the VMBackups of a namespace that report an error: name, VM, text. */
export const listBackupErrors = (namespace: string): string =>
  commandLine(
    'kubectl',
    'get',
    'virtualmachinebackups.harvesterhci.io',
    '-n',
    namespace,
    '-o',
    `jsonpath=${ERRORS}`,
  );

/** Shows what the controller wrote into one VMBackup, without the copies of Secrets it holds. */
export const showBackupConditions = (namespace: string, name: string): string =>
  commandLine(
    'kubectl',
    'get',
    'virtualmachinebackups.harvesterhci.io',
    '-n',
    namespace,
    name,
    '-o',
    'jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.message}{"\\n"}{end}',
  );

export const breakLoop = (namespace: string, vm: string, ...more: readonly string[]): string =>
  commandLine('freezewatch', 'break-loop', '--namespace', namespace, '--vm', vm, ...more);

/** Lists Longhorn Backups: those named, as far as they exist, or all. */
export const listLonghornBackups = (view: ClusterView, names: readonly string[] = []): string =>
  commandLine(
    'kubectl',
    'get',
    'backups.longhorn.io',
    '-n',
    longhornNamespace(view),
    ...(names.length === 0 ? [] : ['--ignore-not-found', ...names]),
  );

/** Shows where Longhorn writes backups to, and whether it can. No credentials are in it. */
export const showBackupTarget = (view: ClusterView, name: string = DEFAULT_TARGET): string =>
  commandLine(
    'kubectl',
    'get',
    'backuptargets.longhorn.io',
    '-n',
    longhornNamespace(view),
    name,
    '-o',
    'jsonpath={.spec.backupTargetURL}{"\\n"}{range .status.conditions[*]}{.type}={.status} {.message}{"\\n"}{end}',
  );

function longhornNamespace({ backupTargets, longhornBackups }: ClusterView): string {
  for (const { namespace } of backupTargets) return namespace;
  for (const { namespace } of longhornBackups) return namespace;
  return 'longhorn-system';
}
