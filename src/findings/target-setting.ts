import {
  type MisconfigurationReason,
  targetMisconfiguration,
} from '../model/targets/target-misconfiguration.ts';
import type { ClusterView } from '../model/view.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';

const LONGHORN_TEXTS: Readonly<Record<MisconfigurationReason, string>> = {
  setting_differs: 'Longhorn uses another one',
  target_missing: 'Longhorn has no BackupTarget default',
  url_empty: 'Longhorn’s BackupTarget default has no URL',
};

/** Harvester's Setting names a place that Longhorn does not write to: normal for a moment after a change, else not. */
export function findSettingMismatch(view: ClusterView): readonly Finding[] {
  const misconfiguration = targetMisconfiguration(view);
  if (misconfiguration === undefined) return [];
  const { reason, named, used } = misconfiguration;
  return [
    {
      id: 'HarvesterBackupTargetMisconfigured',
      severity: 'warning',
      title: `Harvester’s Setting names backup target ${named.target}, and ${LONGHORN_TEXTS[reason]}`,
      subject: { target: named.target },
      evidence: [
        { label: 'Setting backup-target', value: named.target },
        { label: 'Longhorn writes to', value: used?.target ?? 'nothing' },
      ],
      explanation:
        reason === 'setting_differs'
          ? 'Harvester sets the target of Longhorn when its Setting changes. If it stays like this, somebody changed the target in Longhorn, and backups do not go where the Setting says.'
          : 'Harvester sets the target of Longhorn when its Setting changes. Without one no backup can be made, read or restored.',
      remedy: {
        text: 'Save the Setting again in Harvester, or set the target of Longhorn back.',
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
      runbook: runbookOf('HarvesterBackupTargetMisconfigured'),
    },
  ];
}

const longhornNamespace = ({ backupTargets }: ClusterView): string =>
  [...backupTargets][0]?.namespace ?? 'longhorn-system';
