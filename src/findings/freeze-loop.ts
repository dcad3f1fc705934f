import { freezeLoops, failingSinceMs, type FreezeLoop } from '../model/freezes/freeze-loop.ts';
import { leaksPerFreeze } from '../model/virt-handlers/kubevirt-version.ts';
import { exhaustedInMs } from '../model/virt-handlers/memory.ts';
import type { ClusterView } from '../model/view.ts';
import { type VirtHandler, virtHandlers } from '../model/virt-handlers/virt-handler.ts';
import { CAUSES } from './backup-causes.ts';
import { type Evidence, type Finding, type Remedy, runbookOf } from './finding.ts';
import { breakLoop, listBackupErrors } from './kubectl.ts';
import { commandLine } from './shell-word.ts';
import { bytes, counted, duration, listed } from './wording.ts';

/** VMs that are frozen again and again: by virt-api's log, or where that is not read, by their VMBackups alone. */
export function findFreezeLoops(view: ClusterView): readonly Finding[] {
  return freezeLoops(view).map((loop) => {
    const { namespace, vm, node, seenInLog, drivers } = loop;
    const id = seenInLog ? 'HarvesterVMFreezeLoop' : 'HarvesterVMBackupFreezeLoop';
    const stepMs = view.timing.freezeTrendStepMs;
    return {
      id,
      severity: 'critical',
      title: `VM ${namespace}/${vm} is frozen again and again`,
      subject: { namespace, vm, node, vmbackups: drivers.map(({ name }) => name) },
      evidence: evidenceOf(view, loop),
      ...(seenInLog
        ? { trend: { label: 'Freeze calls', stepMs, points: view.freezeTrendOf(namespace, vm) } }
        : {}),
      explanation: explanationOf(loop),
      remedy: drivers.length > 0 ? deleteDrivers(loop) : findCaller(view, loop),
      runbook: runbookOf(id),
    };
  });
}

function evidenceOf(view: ClusterView, { node, callsPerHour, drivers }: FreezeLoop): readonly Evidence[] {
  const oldest = drivers[0];
  const handler = virtHandlers(view).find(({ pod }) => pod.node === node);
  return [
    {
      label: 'Freeze calls',
      value: callsText(callsPerHour),
    },
    {
      label: 'VMBackups that cause them',
      value:
        drivers.length === 0
          ? 'none seen'
          : `${drivers.length}: ${listed(
              drivers.map(({ name }) => name),
              3,
            )}`,
    },
    ...(oldest === undefined
      ? []
      : [
          {
            label: 'Their error',
            value: [...new Set(drivers.map(({ error }) => CAUSES[error ?? 'other']))].join('; '),
          },
          { label: 'Failing for', value: duration(view.nowMs - failingSinceMs(oldest)) },
        ]),
    ...(handler === undefined
      ? []
      : [{ label: `virt-handler on ${node}`, value: memoryOf(handler, callsPerHour) }]),
  ];
}

function callsText(callsPerHour: number | undefined): string {
  if (callsPerHour === undefined) return 'not counted: the log of virt-api is not read';
  return callsPerHour === 0 ? 'none in the log of virt-api yet' : `${callsPerHour} an hour`;
}

function memoryOf(handler: VirtHandler, callsPerHour = 0): string {
  const { workingSetBytes, container, leak, version } = handler;
  const limit = container.memoryLimitBytes;
  const used =
    workingSetBytes === undefined
      ? 'memory not known'
      : `uses ${bytes(workingSetBytes)} of ${limit === undefined ? 'no limit' : bytes(limit)}`;
  if (!leaksPerFreeze(leak)) return `${used}; KubeVirt ${version ?? ''} does not leak with freezes`;
  const suspicion = `${used}; KubeVirt ${version ?? 'of unknown version'} leaks with each freeze`;
  const inMs = exhaustedInMs(handler, callsPerHour);
  if (inMs === undefined) return suspicion;
  return `${suspicion}, about ${duration(inMs)} to the limit at this rate`;
}

function explanationOf({ drivers }: FreezeLoop): string {
  if (drivers.length === 0) {
    return 'Something calls freeze on this VM without end, and no VMBackup in error explains it: another backup program, or a script. Each call stalls the writes of the guest.';
  }
  const imported = drivers.filter((backup) => backup.imported).length;
  const origin =
    imported === 0
      ? ''
      : ` ${whichOf(imported, drivers.length)} came from the backup target, not from this cluster: another cluster may use the same target.`;
  return `Harvester retries ${counted(drivers.length, 'failed VMBackup')} without end, and freezes the VM before each attempt: the writes of the guest stall, and virt-handler may leak memory until it is killed.${origin}`;
}

const whichOf = (part: number, all: number): string =>
  part < all ? `${part} of them` : all === 1 ? 'It' : 'All of them';

function deleteDrivers({ namespace, vm }: FreezeLoop): Remedy {
  return {
    text: 'Deleting the failed VMBackups stops the loop at once. Look first, which of them are safe to delete and why others are not; then apply it.',
    commands: [listBackupErrors(namespace), breakLoop(namespace, vm), breakLoop(namespace, vm, '--apply')],
  };
}

function findCaller({ kubevirtNamespace }: ClusterView, { namespace, vm }: FreezeLoop): Remedy {
  const logs = commandLine(
    'kubectl',
    'logs',
    '-n',
    kubevirtNamespace,
    '-l',
    'kubevirt.io=virt-api',
    '--since=10m',
    '--tail=-1',
  );
  const needle = commandLine('grep', '-F', `/namespaces/${namespace}/virtualmachineinstances/${vm}/freeze`);
  return {
    text: 'Find the caller by its address in the access log of virt-api, and stop it.',
    commands: [`${logs} | ${needle}`],
  };
}
