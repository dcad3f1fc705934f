/** The colour of a value that an alert of this severity would report. */
export const SEVERITY_COLOUR = { critical: 'red', warning: 'orange', info: 'blue' } as const;
export type Severity = keyof typeof SEVERITY_COLOUR;

/** The colour of values that need no action. */
export const FINE = 'green';
