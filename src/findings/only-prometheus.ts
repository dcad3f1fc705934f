/**
 * The alerts that have no finding, each with the reason: they judge a course over hours that a view of one moment does not
 * hold. Every other alert fires if and only if the finding of its name is shown, save for its `for` and `keep_firing_for`.
 */
export const ONLY_PROMETHEUS = {
  HarvesterVirtHandlerLeaking:
    'the slope of goroutines or memory over an hour or more: no sample but the newest is kept',
  HarvesterVirtHandlerMemoryExhaustionSoon:
    'extrapolates a straight line of memory over 10 minutes to 2 hours',
  HarvesterVirtHandlerMemoryExhaustionImminent: 'the same line, shorter before its end',
  FreezewatchLogGap: 'counts the gaps of the last hour: a view has those since the start',
  HarvesterVirtHandlerMemorySawtooth: 'two kills within a day: a pod remembers only its last one',
} as const;
