import type { VirtualMachineInstance } from '../model/objects/virtual-machine.ts';
import { commandLine, shellWord } from './shell-word.ts';

/**
 * The commands that thaw a VM, in the order to try them, each followed by what shows whether it worked. KubeVirt's
 * virt-freezer (docs/freeze.md, and Harvester's page on filesystem freeze) exits 0 without an agent, so the status decides.
 */
export function thawCommands({ namespace, name: vm, uid }: VirtualMachineInstance): readonly string[] {
  const freezer = commandLine('/usr/bin/virt-freezer', '--unfreeze', '--name', vm, '--namespace', namespace);
  const status = commandLine(
    'kubectl',
    'get',
    'virtualmachineinstances.kubevirt.io',
    '-n',
    namespace,
    vm,
    '-o',
    'jsonpath={.status.fsFreezeStatus}{"\\n"}',
  );
  const inLauncher = execIn(namespace, uid);
  return [
    `${inLauncher} -- ${freezer}`,
    status,
    `${inLauncher} -- virsh domfsthaw ${shellWord(`${namespace}_${vm}`)}`,
  ];
}

/** The launcher is found by the VMI's uid: its label `vm.kubevirt.io/name` is a cut-off host name. */
function execIn(namespace: string, uid: string): string {
  const launcher = commandLine(
    'kubectl',
    'get',
    'pod',
    '-n',
    namespace,
    '-l',
    `kubevirt.io/created-by=${uid}`,
    '--field-selector',
    'status.phase=Running',
    '-o',
    'name',
  );
  const exec = commandLine('kubectl', 'exec', '-n', namespace, '-c', 'compute');
  return `${exec} "$(${launcher})"`;
}
