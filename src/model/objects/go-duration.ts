const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** A Go duration (`5m0s`, `1h`, `0s`) in milliseconds; undefined for any other text. */
export function parseGoDurationMs(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = Array.from(text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g));
  return parts.reduce((sum, [, amount = '', unit = '']) => sum + Number(amount) * (UNIT_MS[unit] ?? 0), 0);
}
