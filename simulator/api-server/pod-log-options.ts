import { invalid } from './status.ts';

/** The query of a log request (core/v1 PodLogOptions), checked. */
export interface PodLogOptions {
  readonly container: string | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  /** Lines written before this moment are left out; whole seconds, as the API server passes it on. */
  readonly sinceMs: number | undefined;
  readonly tailLines: number | undefined;
  readonly limitBytes: number | undefined;
}

/** Throws a StatusError 422 for what kubernetes v1.32 pkg/apis/core/validation ValidatePodLogOptions refuses. */
export function podLogOptions(pod: string, query: URLSearchParams, now: Date): PodLogOptions {
  const refuse = (field: string, problem: string): Error =>
    invalid({ group: '', plural: 'PodLogOptions' }, pod, field, problem);
  const wholeNumber = (field: string, least: number): number | undefined => {
    const text = query.get(field);
    if (text === null || text === '') return undefined;
    if (!/^-?\d+$/.test(text) || Number(text) < least)
      throw refuse(field, `must be greater than or equal to ${least}`);
    return Number(text);
  };
  const sinceSeconds = wholeNumber('sinceSeconds', 1);
  const sinceTime = query.get('sinceTime');
  if (sinceSeconds !== undefined && sinceTime !== null) {
    throw refuse('sinceSeconds', 'at most one of `sinceTime` or `sinceSeconds` may be specified');
  }
  const sinceTimeMs = sinceTime === null ? undefined : Date.parse(sinceTime);
  if (Number.isNaN(sinceTimeMs)) throw refuse('sinceTime', 'must be a time in RFC 3339');
  return {
    container: query.get('container') ?? undefined,
    follow: isTrue(query, 'follow'),
    previous: isTrue(query, 'previous'),
    timestamps: isTrue(query, 'timestamps'),
    // The kubelet gets a metav1.Time, and that has no fractions of a second.
    sinceMs: sinceSeconds === undefined ? wholeSecond(sinceTimeMs) : now.getTime() - sinceSeconds * 1_000,
    tailLines: wholeNumber('tailLines', 0),
    limitBytes: wholeNumber('limitBytes', 1),
  };
}

const isTrue = (query: URLSearchParams, field: string): boolean =>
  ['true', '1'].includes(query.get(field) ?? '');

const wholeSecond = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : Math.floor(ms / 1_000) * 1_000;
