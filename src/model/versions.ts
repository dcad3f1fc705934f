/** Negative, 0 or positive, by the numbers of two `x.y.z`. */
export function compareVersions(left: string, right: string): number {
  const numbers = (version: string): readonly number[] => version.split('.').map(Number);
  const [a, b] = [numbers(left), numbers(right)];
  const differing = [0, 1, 2].find((index) => a[index] !== b[index]);
  return differing === undefined ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0);
}
