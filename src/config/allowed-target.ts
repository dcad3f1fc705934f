import { InvalidValue } from './invalid-value.ts';

/** A backup target, or a cluster that uses one, which is known to be shared until a date: a migration or a DR reader. */
interface AllowedTarget {
  /** A `target_id` of our metrics (16 hex digits), or the uid of a cluster's kube-system namespace. */
  readonly target: string;
  /** From this moment on the entry has no effect, in milliseconds. */
  readonly untilMs: number;
}

const TARGET_ID = /^[0-9a-f]{16}$/;
const CLUSTER_UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;

/**
 * Parses `<target_id or cluster uid>=<date>`; a date is valid to its end in UTC, a date-time (RFC 3339) to that moment.
 * A date in the past is no error: an exporter that restarts after it must come up and alert again. Throws InvalidValue.
 */
export function parseAllowedTarget(text: string): AllowedTarget {
  const [target = '', date = '', ...rest] = text.split('=').map((part) => part.trim());
  if (date === '' || rest.length > 0) {
    throw new InvalidValue(
      `${JSON.stringify(text)} needs an expiry date: write it like 0123456789abcdef=2027-03-31`,
    );
  }
  if (!TARGET_ID.test(target) && !CLUSTER_UID.test(target)) {
    throw new InvalidValue(
      `${JSON.stringify(target)} is neither a target_id (16 hex digits) nor the uid of a cluster`,
    );
  }
  return { target, untilMs: parseExpiry(date) };
}

function parseExpiry(text: string): number {
  const wellFormed = DATE.test(text) || DATE_TIME.test(text);
  const dayMs = wellFormed ? Date.parse(text.slice(0, 10)) : Number.NaN;
  const atMs = Date.parse(text);
  // Date.parse rolls 30 February over to March instead of refusing it.
  if (
    Number.isNaN(dayMs) ||
    Number.isNaN(atMs) ||
    !new Date(dayMs).toISOString().startsWith(text.slice(0, 10))
  ) {
    throw new InvalidValue(
      `${JSON.stringify(text)} is no date: write it like 2027-03-31 or 2027-03-31T12:00:00Z`,
    );
  }
  return DATE.test(text) ? atMs + DAY_MS : atMs;
}
