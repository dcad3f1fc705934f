import type { Firing } from './promtool.ts';
import type { Trace } from './trace.ts';

/** What a set of rules made of a trace. */
export interface Verdict {
  readonly right: boolean;
  readonly firstWarning: number | undefined;
  readonly firstCritical: number | undefined;
  /** The share of the time from the leak's start to the first OOM kill that was left at the first alert. */
  readonly lead: number | undefined;
  /** The names that fired, in order. */
  readonly alerts: readonly string[];
}

const SHORT_TOOTH_MINUTES = 40;
const ENOUGH_LEAD = 0.5;

/** Judges the firings of a trace: a leak must be announced in time, a healthy trace must stay silent. */
export function verdictOn(trace: Trace, firings: readonly Firing[]): Verdict {
  const loud = firings
    .filter(({ severity }) => severity !== 'info')
    .sort((a, b) => a.firstMinute - b.firstMinute);
  const firstOf = (severity: string): number | undefined =>
    loud.find((firing) => firing.severity === severity)?.firstMinute;
  const found = {
    firstWarning: firstOf('warning'),
    firstCritical: firstOf('critical'),
    alerts: [...new Set(loud.map(({ alert }) => alert))],
  };
  const { leak } = trace;
  const first = loud[0]?.firstMinute;
  if (leak === undefined) return { ...found, lead: undefined, right: first === undefined };
  const [oom, secondOom = Infinity] = leak.oomMinutes;
  if (oom === undefined) throw new Error(`${trace.name}: the leak never kills; play it longer`);
  if (first === undefined) return { ...found, lead: undefined, right: false };
  const lead = (oom - first) / (oom - leak.startMinute);
  const short = oom - leak.startMinute < SHORT_TOOTH_MINUTES;
  return {
    ...found,
    lead,
    right: first >= leak.startMinute && (short ? first < secondOom : lead >= ENOUGH_LEAD),
  };
}
