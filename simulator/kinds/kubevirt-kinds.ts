import type { KindDefinition } from '../kube-object.ts';
import { age, column, condition, kindsOf } from './kind-definition.ts';

const kubevirt = kindsOf('kubevirt.io', 'v1');

/** KubeVirt v1.3 (pkg/virt-operator/resource/generate/components/crds.go). */
export const KUBEVIRT_KINDS: readonly KindDefinition[] = [
  kubevirt('VirtualMachine', 'virtualmachines', {
    shortNames: ['vm', 'vms'],
    categories: ['all'],
    columns: [age(), column('Status', 'string', '.status.printableStatus'), condition('Ready', 'Ready')],
    statusSubresource: true,
  }),
  kubevirt('VirtualMachineInstance', 'virtualmachineinstances', {
    shortNames: ['vmi', 'vmis'],
    categories: ['all'],
    columns: [
      age(),
      column('Phase', 'string', '.status.phase'),
      column('IP', 'string', '.status.interfaces[0].ipAddress'),
      column('NodeName', 'string', '.status.nodeName'),
      condition('Ready', 'Ready'),
      condition('Live-Migratable', 'LiveMigratable', 1),
      condition('Paused', 'Paused', 1),
    ],
  }),
  kubevirt('KubeVirt', 'kubevirts', {
    shortNames: ['kv', 'kvs'],
    categories: ['all'],
    columns: [age(), column('Phase', 'string', '.status.phase')],
    statusSubresource: true,
  }),
];
