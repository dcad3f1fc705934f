import { InvalidValue } from './invalid-value.ts';

/** Any text. */
export const text = (value: string): string => value;

/** One text of a closed set. */
export const oneOf =
  <const T extends string>(...allowed: readonly T[]) =>
  (value: string): T => {
    const match = allowed.find((candidate) => candidate === value);
    if (match === undefined)
      throw new InvalidValue(`${JSON.stringify(value)} is none of ${allowed.join(', ')}`);
    return match;
  };

/** A decimal number within bounds, both included. */
export const number =
  (least: number, most: number) =>
  (value: string): number => {
    const parsed = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= least && parsed <= most) return parsed;
    throw new InvalidValue(`${JSON.stringify(value)} is not a number from ${least} to ${most}`);
  };

/** A whole number within bounds, both included. */
export const wholeNumber =
  (least: number, most: number) =>
  (value: string): number => {
    const parsed = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (parsed >= least && parsed <= most) return parsed;
    throw new InvalidValue(`${JSON.stringify(value)} is not a whole number from ${least} to ${most}`);
  };

/** A factor: `60` or `60x`. */
export const speed = (value: string): number => number(1, 10_000)(value.replace(/x$/, ''));

/** The name of a namespace: an RFC 1123 label (kubernetes apimachinery pkg/util/validation). */
export function namespaceName(value: string): string {
  if (value.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) return value;
  throw new InvalidValue(
    `${JSON.stringify(value)} is not the name of a namespace: at most 63 of a-z, 0-9 and -`,
  );
}

/** The name of an object: an RFC 1123 subdomain. */
export function objectName(value: string): string {
  if (value.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value))
    return value;
  throw new InvalidValue(
    `${JSON.stringify(value)} is not the name of an object: at most 253 of a-z, 0-9, - and .`,
  );
}

/** Our other pages (src/http/app.ts, src/http/status-page/routes.ts), and below the last one all that is there. */
const OTHER_PAGES = ['', '/livez', '/readyz', '/healthz', '/api/findings'];
const RUNBOOKS = '/runbooks';

/** An absolute path that differs from all our other pages. */
export function telemetryPath(value: string): string {
  if (!/^\/[A-Za-z0-9._~/-]*$/.test(value)) {
    throw new InvalidValue(`${JSON.stringify(value)} is not a path: write it like /metrics`);
  }
  // The router takes /LIVEZ/ for /livez (Express, "case sensitive routing" and "strict routing" are off).
  const page = value.replace(/\/+$/, '').toLowerCase();
  if (OTHER_PAGES.includes(page) || page === RUNBOOKS || page.startsWith(`${RUNBOOKS}/`))
    throw new InvalidValue(`${value} is already another page: choose a path like /metrics`);
  return value;
}
