/** A free energy over one axis that came as a surface with a single row, as a profile; no error is known of it. */
import type { Axis, Profile, Surface } from '../../../core/host/contract.ts';

export function profileOfSurface({ limits: [low, high] }: Axis, { energy }: Surface): Profile {
  const width = (high - low) / energy.length;
  return {
    axis: 0,
    x: Array.from(energy, (_, bin) => low + (bin + 0.5) * width),
    energy,
    error: new Float32Array(energy.length).fill(Number.NaN),
  };
}
