/** A series with one sample a minute; undefined where nothing was scraped. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | undefined)[];
}

/** What was really going on: when the leak began, and when the kernel killed virt-handler. Minutes of the trace. */
export interface Leak {
  readonly startMinute: number;
  /** May lie behind the end of the trace: a leak of days is only played until it must have been announced. */
  readonly oomMinutes: readonly number[];
}

/** The samples of one case. A case without a leak is healthy, and every alert in it is a false alarm. */
export interface Trace {
  readonly name: string;
  readonly minutes: number;
  readonly series: readonly Series[];
  readonly leak: Leak | undefined;
}

export const MEBIBYTE = 2 ** 20;
export const HOUR = 60;
export const DAY = 24 * HOUR;

/** One value per minute. */
export const perMinute = <T>(minutes: number, valueAt: (minute: number) => T): T[] =>
  Array.from({ length: minutes }, (_, minute) => valueAt(minute));
