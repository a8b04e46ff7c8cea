import { expect, it } from 'vitest';
import { profileOfSurface } from './surface-profile.ts';

const axes = [
  { label: 'x', limits: [0, 4] as [number, number], periodic: false },
  { label: 'y', limits: [-1, 1] as [number, number], periodic: false },
];
const energyOf = (counts: number[]) => {
  const most = Math.max(...counts);
  return Float32Array.from(counts, (count) => (count > 0 ? Math.log(most / count) : Number.NaN));
};

it('along each axis of a plane, what lies beside is summed up', () => {
  const surface = { bins: [4, 2] as [number, number], energy: energyOf([8, 0, 2, 2, 1, 0, 0, 0]) };
  const x = profileOfSurface(axes, 0, surface);
  expect(x.x).toEqual([0.5, 1.5, 2.5, 3.5]);
  expect(x.energy[0]).toBe(0);
  expect(x.energy[1]).toBeCloseTo(Math.log(2), 6);
  expect(x.energy[2]).toBeCloseTo(Math.log(8), 6);
  expect(x.energy[3]).toBeNaN();
  const y = profileOfSurface(axes, 1, surface);
  expect(y.x).toEqual([-0.5, 0.5]);
  expect(y.energy[1]).toBeCloseTo(Math.log(11 / 2), 5);
});

it('a surface with a single row is its own profile', () => {
  const energy = energyOf([4, 2, 0, 1]);
  const profile = profileOfSurface([axes[0]!], 0, { bins: [4, 1], energy });
  for (const [bin, value] of profile.energy.entries()) {
    if (Number.isNaN(energy[bin]!)) expect(value).toBeNaN();
    else expect(value).toBeCloseTo(energy[bin]!, 6);
  }
});
