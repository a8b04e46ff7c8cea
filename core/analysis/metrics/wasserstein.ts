/**
 * Wasserstein-1 distance of two one-dimensional samples, exact: the area between their empirical distribution
 * functions. In the unit of the samples (nm for bond lengths). The samples may differ in size.
 */
import { ErgodicError } from '../../errors.ts';

export function wasserstein1(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length === 0 || b.length === 0) {
    throw new ErgodicError('The Wasserstein distance needs at least one value on each side.');
  }
  const x = Float64Array.from(a).sort();
  const y = Float64Array.from(b).sort();
  let area = 0;
  let i = 0;
  let j = 0;
  let at = Math.min(x[0]!, y[0]!);
  while (i < x.length || j < y.length) {
    const next = Math.min(x[i] ?? Number.POSITIVE_INFINITY, y[j] ?? Number.POSITIVE_INFINITY);
    area += Math.abs(i / x.length - j / y.length) * (next - at);
    at = next;
    while (x[i] === at) i++;
    while (y[j] === at) j++;
    // A value that is not a number sorts last and equals nothing, not even itself.
    if (Number.isNaN(next)) throw new ErgodicError('The Wasserstein distance needs values that are numbers.');
  }
  return area;
}
