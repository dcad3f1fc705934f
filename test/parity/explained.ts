import { ONLY_PROMETHEUS } from '../../src/findings/only-prometheus.ts';

/** Where an alert and its finding may differ, and why. */
export const EXPLAINED: Readonly<Record<string, string>> = {
  ...ONLY_PROMETHEUS,
  FreezewatchDown: 'an exporter that is down has no page',
};
