import { kindKey } from '../kube-object.ts';
import type { KindDefinition } from '../kube-object.ts';

/** The kind of metrics.k8s.io; its objects come from a function, never from the store. */
export const POD_METRICS: KindDefinition = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  shortNames: [],
  namespaced: true,
  statusSubresource: false,
  printerColumns: [],
};

/** Whether objects of a kind are computed: such a kind can only be read: watches and writes are refused. */
export const isComputed = (kind: KindDefinition): boolean => kindKey(kind) === kindKey(POD_METRICS);
