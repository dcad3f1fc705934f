import type { AlertingRule } from './rules/rule-files.ts';

/** How long an alert waits before it fires and after it would end, as Prometheus writes it; undefined: it does not wait. */
interface AlertTiming {
  readonly waits: string | undefined;
  readonly lingers: string | undefined;
}

/** The `for` and the `keep_firing_for` of an alert. */
export function alertTiming(rule: AlertingRule): AlertTiming {
  const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(rule));
  const text = (name: string): string | undefined => {
    const value = fields.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  return { waits: text('for'), lingers: text('keep_firing_for') };
}
