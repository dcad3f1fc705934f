import type { KindDefinition } from '../kube-object.ts';
import { kindsOf } from './kind-definition.ts';

const monitoring = kindsOf('monitoring.coreos.com', 'v1');

/** prometheus-operator; its CRDs serve AlertmanagerConfig as v1beta1 only with a conversion webhook, which few have. */
export const MONITORING_KINDS: readonly KindDefinition[] = [
  monitoring('ServiceMonitor', 'servicemonitors', { shortNames: ['smon'] }),
  monitoring('PrometheusRule', 'prometheusrules', { shortNames: ['promrule'] }),
  kindsOf('monitoring.coreos.com', 'v1alpha1')('AlertmanagerConfig', 'alertmanagerconfigs', {
    shortNames: ['amcfg'],
  }),
];
