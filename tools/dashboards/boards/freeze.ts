import type { Board } from '../dashboard-json.ts';
import { CLUSTER } from '../query.ts';
import { freezeCulprits } from './freeze-culprits.ts';
import { freezeRates } from './freeze-rates.ts';
import { virtHandlerMemory } from './virt-handler-memory.ts';

/** Who is frozen, and what it does to virt-handler. */
export const freeze = (): Board => ({
  name: 'freeze',
  title: 'Freeze & virt-handler',
  description:
    'Which VM is frozen again and again, by which VMBackups, and how fast that fills virt-handler.',
  variables: [
    { name: 'node', label: 'Node', series: 'harvester_vmi_info{cluster=~"$cluster|"}' },
    {
      name: 'namespace',
      label: 'Namespace',
      series: 'harvester_vmi_info{cluster=~"$cluster|", node=~"$node"}',
    },
    {
      name: 'vm',
      label: 'VM',
      series: 'harvester_vmi_info{cluster=~"$cluster|", node=~"$node", namespace=~"$namespace"}',
    },
  ],
  annotations: [
    {
      name: 'virt-handler restarts',
      colour: 'red',
      expr: `time() - virt_handler:start_time_seconds{${CLUSTER}} * on (cluster, namespace, pod) group_left (node) virt_handler:node:info{node=~"$node"} < 120`,
    },
  ],
  rows: [
    { title: 'Who is it?', panels: freezeCulprits() },
    { title: 'Freezes', panels: freezeRates() },
    { title: 'virt-handler, on the same time axis', panels: virtHandlerMemory() },
  ],
});
