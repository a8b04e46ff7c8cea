/** One scale of colours for maps that stand side by side: from 0 to the highest energy that any of them has seen, kT. */
import type { Surface } from '../../../core/host/contract.ts';
import { summaryOf } from '../../views/free-energy.ts';
import { niceRange } from '../../views/ticks.ts';

export function commonRange(surfaces: readonly (Surface | undefined)[]): readonly [number, number] {
  const highest = Math.max(0, ...surfaces.map((surface) => (surface ? summaryOf(surface).highest : 0)));
  return [0, niceRange([0, highest || 1], 4)[1]];
}
