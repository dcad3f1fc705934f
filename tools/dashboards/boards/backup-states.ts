import type { SeriesStyle } from '../curve-panels.ts';

/** The states of a VMBackup in the colours of what they ask for. */
export const stateStyles: readonly SeriesStyle[] = [
  { series: '/^error$/', colour: 'red' },
  { series: '/^dangling$/', colour: 'orange' },
  { series: '/^degraded$/', colour: 'yellow' },
  { series: '/^deleting$/', colour: 'purple' },
  { series: '/^in_progress$/', colour: 'blue' },
  { series: '/^pending$/', colour: 'light-blue' },
  { series: '/^ready$/', colour: 'green' },
];
