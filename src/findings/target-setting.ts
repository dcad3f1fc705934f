import { harvesterTarget, settingDiffers } from '../model/targets/current-target.ts';
import type { ClusterView } from '../model/view.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';

/** Harvester's Setting names another place than Longhorn writes to: normal for a moment after a change, else not. */
export function findSettingMismatch(view: ClusterView): readonly Finding[] {
  if (settingDiffers(view) !== true) return [];
  const named = [...view.targetSettings][0]?.place?.target ?? '';
  const used = harvesterTarget(view)?.place.target ?? '';
  return [
    {
      id: 'backup-target-setting-differs',
      severity: 'info',
      title: 'Harvester and Longhorn do not name the same backup target',
      subject: { target: used },
      evidence: [
        { label: 'Setting backup-target', value: named },
        { label: 'Longhorn writes to', value: used },
      ],
      explanation:
        'Harvester sets the target of Longhorn when its Setting changes. If it stays like this, somebody changed the target in Longhorn, and backups do not go where the Setting says.',
      remedy: {
        text: 'Save the Setting again, or set the target of Longhorn back.',
        commands: [
          commandLine(
            'kubectl',
            'get',
            'settings.harvesterhci.io',
            'backup-target',
            '-o',
            'jsonpath={.status}',
          ),
          commandLine(
            'kubectl',
            'get',
            'backuptargets.longhorn.io',
            '-n',
            longhornNamespace(view),
            'default',
          ),
        ],
      },
      runbook: runbookOf('HarvesterBackupTargetUnavailable'),
    },
  ];
}

const longhornNamespace = ({ backupTargets }: ClusterView): string =>
  [...backupTargets][0]?.namespace ?? 'longhorn-system';
