/** One scale for pictures that stand side by side: from 0 to the highest energy that any of them has seen, kT. */

import { niceRange } from '../../../core/analysis/figures/ticks.ts';
import type { Distribution } from '../../../core/host/contract.ts';

type Seen = Pick<Distribution, 'surface'> & Partial<Pick<Distribution, 'profiles'>>;

/** Over one axis there is no surface, and the profile is what is seen. */
export function commonRange(seen: readonly (Seen | undefined)[]): readonly [number, number] {
  const energies = seen.flatMap((one) => one?.surface?.energy ?? one?.profiles?.[0]?.energy ?? []);
  const highest = Math.max(0, ...energies.map((energy) => energy.reduce((most, F) => (F > most ? F : most), 0)));
  return [0, niceRange([0, highest || 1], 4)[1]];
}
