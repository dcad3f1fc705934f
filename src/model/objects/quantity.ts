/** Exponents of ten and of two that a suffix stands for (apimachinery pkg/api/resource/quantity.go). */
const DECIMAL: Readonly<Record<string, number>> = {
  '': 0,
  n: -9,
  u: -6,
  m: -3,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([a-zA-Z]*))$/;

/** The number a Kubernetes quantity stands for (`1600Mi` = 1677721600); undefined for any other text. */
export function parseQuantity(text: string): number | undefined {
  const match = QUANTITY.exec(text.trim());
  if (match === null) return undefined;
  const [, digits = '', exponent, suffix = ''] = match;
  if (exponent !== undefined) return Number(`${digits}e${exponent}`);
  // Written as an exponent, so that 700m is exactly 0.7.
  if (Object.hasOwn(DECIMAL, suffix)) return Number(`${digits}e${DECIMAL[suffix] ?? 0}`);
  return Object.hasOwn(BINARY, suffix) ? Number(digits) * 2 ** (BINARY[suffix] ?? 0) : undefined;
}
