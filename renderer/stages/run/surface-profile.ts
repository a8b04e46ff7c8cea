/**
 * Profiles of a free energy that came as a surface: of one with a single row itself, of one over a plane along each axis.
 * No error is known of them. kT.
 */
import type { Axis, Profile, Surface } from '../../../core/host/contract.ts';

export function profileOfSurface(axes: readonly Axis[], axis: number, { bins, energy }: Surface): Profile {
  const count = bins[axis]!;
  // −ln of what both axes hold together, summed over the other one.
  const weight = new Float64Array(count);
  for (let i = 0; i < energy.length; i++) {
    const bin = axis === 0 ? Math.floor(i / bins[1]) : i % bins[1];
    if (!Number.isNaN(energy[i]!)) weight[bin]! += Math.exp(-energy[i]!);
  }
  const most = weight.reduce((a, b) => Math.max(a, b), 0);
  const [low, high] = axes[axis]!.limits;
  return {
    axis,
    x: Array.from(weight, (_, bin) => low + ((bin + 0.5) * (high - low)) / count),
    energy: Float32Array.from(weight, (value) => (value > 0 ? Math.log(most / value) : Number.NaN)),
    error: new Float32Array(count).fill(Number.NaN),
  };
}
