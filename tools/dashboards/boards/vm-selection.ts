import { CLUSTER } from '../query.ts';

/** The matcher of the VMs the reader chose. */
export const CHOSEN_VM = `${CLUSTER}, namespace=~"$namespace", vm=~"$vm"`;

/** Keeps of an expression by namespace and VM what runs on the chosen nodes. */
export const onChosenNode = (expr: string): string =>
  `${expr} and on (cluster, namespace, vm) harvester_vmi_info{${CLUSTER}, node=~"$node"}`;

/** Adds the node of a VM that runs on one of the chosen. */
export const withNode = (expr: string): string =>
  `group by (cluster, namespace, vm, node) (harvester_vmi_info{${CHOSEN_VM}, node=~"$node"}) * on (cluster, namespace, vm) group_left () (${expr})`;
