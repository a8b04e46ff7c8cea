/**
 * Free energies over a plane as they are shown: from counts, read at a point, summed up in words. kT; NaN where nothing
 * was seen. A plane of nx × ny bins holds the bin (x, y) at x · ny + y. Not here: the metrics, which a host computes.
 */
import type { EnergySurface } from '../../../core/analysis/figures/energy-contours.ts';
import type { Axis, Surface } from '../../../core/host/contract.ts';

/** F = −ln p with its lowest value 0. */
export function energyOfCounts(counts: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const energy = new Float32Array(counts.length);
  let most = 0;
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i]!);
  for (let i = 0; i < counts.length; i++) energy[i] = counts[i]! > 0 ? Math.log(most / counts[i]!) : Number.NaN;
  return energy;
}

/** a − b, NaN where either saw nothing. */
export const energyDifference = (a: ArrayLike<number>, b: ArrayLike<number>): Float32Array<ArrayBuffer> =>
  Float32Array.from(a, (F, bin) => F - b[bin]!);

/** As the lines of equal energy are drawn through it. */
export const contoured = (axes: readonly Axis[], { bins, energy }: Surface): EnergySurface => ({
  bins,
  energy,
  periodic: axes.map(({ periodic }) => periodic),
});

/** The bin of a point, or undefined outside of the plane. */
export function binAt(axes: readonly Axis[], { bins }: Surface, at: readonly number[]): [number, number] | undefined {
  const found = [0, 1].map((axis) => {
    const [low, high] = axes[axis]!.limits;
    const bin = Math.floor((bins[axis]! * (at[axis]! - low)) / (high - low));
    return at[axis] === high ? bin - 1 : bin;
  });
  const inside = found.every((bin, axis) => bin >= 0 && bin < bins[axis]!);
  return inside ? [found[0]!, found[1]!] : undefined;
}

/** The middle of a bin. */
export function binCentre(axes: readonly Axis[], { bins }: Surface, bin: readonly [number, number]): [number, number] {
  const middle = (axis: 0 | 1) => {
    const [low, high] = axes[axis]!.limits;
    return low + ((bin[axis] + 0.5) * (high - low)) / bins[axis];
  };
  return [middle(0), middle(1)];
}

export interface SurfaceSummary {
  /** The bin of the lowest energy; undefined where nothing was seen. */
  readonly lowest: [number, number] | undefined;
  readonly highest: number;
  /** Fraction of the bins. */
  readonly seen: number;
}

export function summaryOf({ bins, energy }: Surface): SurfaceSummary {
  let lowestAt = -1;
  let highest = 0;
  let seen = 0;
  for (let i = 0; i < energy.length; i++) {
    const F = energy[i]!;
    if (Number.isNaN(F)) continue;
    seen++;
    if (lowestAt < 0 || F < energy[lowestAt]!) lowestAt = i;
    highest = Math.max(highest, Math.abs(F));
  }
  const lowest: [number, number] | undefined =
    lowestAt < 0 ? undefined : [Math.floor(lowestAt / bins[1]), lowestAt % bins[1]];
  return { lowest, highest, seen: seen / Math.max(1, energy.length) };
}
