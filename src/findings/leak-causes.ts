import { type FreezesSeen, freezesSeenOn } from '../model/freezes/node-freezes.ts';
import { type Leak, leaksPerFreeze } from '../model/virt-handlers/kubevirt-version.ts';
import { compareVersions } from '../model/versions.ts';
import type { ClusterView } from '../model/view.ts';
import type { VirtHandler } from '../model/virt-handlers/virt-handler.ts';
import type { Evidence, Remedy } from './finding.ts';
import { commandLine } from './shell-word.ts';

/** Whether freezes are the likely cause: this version leaks with each freeze, and the log shows freezes or is unread. */
export const isFreezeLeak = (view: ClusterView, { leak, pod }: VirtHandler): boolean =>
  leaksPerFreeze(leak) && freezesSeenOn(view, pod.node) !== 'none';

const SEEN: Readonly<Record<FreezesSeen, string>> = {
  loop: 'a loop',
  some: 'some, but no loop',
  none: 'none in an hour and more of the log of virt-api',
  unknown: 'none seen, but the log of virt-api is not known for an hour',
};

const BY_VERSION: Readonly<Record<Leak, string>> = {
  per_freeze: 'leaks with each freeze',
  per_freeze_softened: 'leaks with each freeze, most of it for half an hour',
  client_race: 'does not leak with freezes; loses a client now and then, fixed in KubeVirt 1.8.4 and 1.9.0',
  none: 'has no known leak by freezes',
  unknown: 'not known, so a leak cannot be ruled out',
};

/** Evidence against freezes as the cause. */
export const leakEvidence = (view: ClusterView, { leak, pod }: VirtHandler): readonly Evidence[] => [
  { label: 'Freezes of VMs there', value: SEEN[freezesSeenOn(view, pod.node)] },
  { label: 'This version', value: BY_VERSION[leak] },
];

/**
 * Causes other than freezes, by version. KubeVirt #17098 (migration-proxy.go, every tag), #17798 (clients lost when several
 * controllers connect at once, 1.6.0 to 1.8.3), rest/lifecycle.go BackupHandler (1.8.0 to 1.9.0 do not close their client),
 * and a launcher that accepts a connection without answering `Info`.
 */
export function otherCauses({ version, leak }: VirtHandler): string {
  const between = (from: string, to: string): boolean =>
    version === undefined || (compareVersions(version, from) >= 0 && compareVersions(version, to) <= 0);
  return [
    'connections of the migration proxy that stay open (kubevirt#17098, every version)',
    ...(leak === 'client_race' || leak === 'unknown'
      ? ['clients lost while VMs start, stop and migrate (up to 1.8.3, fixed in 1.8.4 and 1.9.0)']
      : []),
    ...(between('1.8.0', '1.9.0') ? ["clients of KubeVirt's own VirtualMachineBackup (1.8.0 to 1.9.0)"] : []),
    ...(leaksPerFreeze(leak)
      ? ['calls for guest info, pause or unpause, which leak as a freeze does (before 1.5.3, and 1.6.0)']
      : []),
    'a hung virt-launcher that no longer answers (every version)',
  ].join('; ');
}

/** What to collect where no freeze explains the growth. */
export function collect({ pod }: VirtHandler): Remedy {
  const { namespace, name, node } = pod;
  const select = `spec.nodeName=${node},status.phase=Running`;
  return {
    text: 'Collect what tells the causes apart: go_goroutines, process_open_fds and the memory of this pod over days, the migrations and starts of VMs on the node, and launchers that do not answer. Restart virt-handler at a moment you choose: running VMs stay up.',
    commands: [
      commandLine('kubectl', 'describe', 'pod', '-n', namespace, name),
      commandLine('kubectl', 'get', 'virtualmachineinstancemigrations.kubevirt.io', '-A'),
      commandLine(
        'kubectl',
        'get',
        'pods',
        '-A',
        '-l',
        'kubevirt.io=virt-launcher',
        '--field-selector',
        select,
      ),
    ],
  };
}
