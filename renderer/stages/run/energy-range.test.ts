import { expect, it } from 'vitest';
import { commonRange } from './energy-range.ts';

const surface = (energies: number[]) => ({
  surface: { bins: [energies.length, 1] as [number, number], energy: Float32Array.from(energies) },
});

it('reaches to the highest energy of all, in whole steps; what was never visited does not count', () => {
  expect(commonRange([surface([0, Number.NaN, 3.2]), undefined, surface([0, 5.1])])).toEqual([0, 6]);
  expect(commonRange([undefined])).toEqual([0, 1]);
});

it('over one axis it goes by the profile', () => {
  const profile = { axis: 0, x: [0, 1], energy: Float32Array.of(0, 7.5), error: Float32Array.of(0, 0) };
  expect(commonRange([{ surface: undefined, profiles: [profile] }])).toEqual([0, 8]);
});
