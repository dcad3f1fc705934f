import { CLUSTER } from './query.ts';

/** Seconds until virt-handler reaches its limit, by node: the forecast of its memory or of the freezes, whichever is sooner. */
export const timeToLimit = (labels: string, node = '.*'): string => `
  min by (${labels}) (
    label_replace(
      virt_handler:memory_time_to_limit_seconds{${CLUSTER}}
      * on (cluster, namespace, pod) group_left (node) virt_handler:node:info{node=~"${node}"},
      "forecast", "memory", "", ""
    )
    or
    label_replace(virt_handler:freeze_exhaustion_seconds{${CLUSTER}, node=~"${node}"}, "forecast", "freezes", "", "")
  )`;

/** A record of virt-handler's pods with the node it runs on. */
export const onNode = (expr: string, node = '.*'): string =>
  `max by (cluster, node) (${expr} * on (cluster, namespace, pod) group_left (node) virt_handler:node:info{node=~"${node}"})`;

/** The VMs in a freeze loop, seen in the log or else in the writes of VMBackups; calls per second. */
export const LOOPS = `vm:vmi_freeze_loop:rate10m{${CLUSTER}} or on (cluster, namespace, vm) vm:vmbackup_freeze_loop:rate10m{${CLUSTER}}`;

/** VMBackups that need action. */
export const BROKEN = `max by (cluster, namespace, type, state) (harvester_vmbackups{${CLUSTER}, state=~"error|degraded|dangling"})`;
