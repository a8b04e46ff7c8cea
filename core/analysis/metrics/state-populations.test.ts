import { describe, expect, test } from 'vitest';
import { gaussianSource, uniformSource } from '../../systems/toys/gaussian.ts';
import { anglePlane } from '../free-energy/plane.ts';
import { populationOf } from '../free-energy/population.ts';
import { statePopulations } from './state-populations.ts';

const axes = [
  { label: 'φ', unit: 'rad' },
  { label: 'ψ', unit: 'rad' },
];

/** Around φ −90° or, with this probability, +60°. */
function angles(seed: number, count: number, positive: number) {
  const [next, choose] = [gaussianSource(seed), uniformSource(seed)];
  const points = [new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    points[0]![i] = (choose() / 2 ** 32 < positive ? Math.PI / 3 : -Math.PI / 2) + 0.3 * next();
    points[1]![i] = 0.3 * next();
  }
  return { points };
}

describe('populations of φ/ψ', () => {
  const reference = angles(1, 40_000, 0.1);

  test('true samples are within their standard errors, and every frame is in one basin', () => {
    const zs = Array.from({ length: 10 }, (_, i) => {
      const { states } = statePopulations(reference, { iid: angles(i + 2, 2_000, 0.1) }, anglePlane, axes);
      expect(states.map(({ name }) => name)).toEqual([
        expect.stringMatching(/^φ −\d+°, ψ/),
        expect.stringMatching(/^φ \d+°/),
        'φ > 0',
      ]);
      expect(states[0]!.sets.iid!.fraction + states[1]!.sets.iid!.fraction).toBeCloseTo(1, 12);
      return states[2]!.sets.iid!.z;
    });
    expect(Math.max(...zs.map(Math.abs))).toBeLessThan(3);
    expect(Math.max(...zs.map(Math.abs))).toBeGreaterThan(0.5);
  });

  test('a basin that the model forgets is off by the standard errors of the samples that should be there', () => {
    const { states, independent } = statePopulations(reference, { iid: angles(2, 2_000, 0) }, anglePlane, axes);
    const { sets, reference: truth } = states.at(-1)!;
    expect(truth.fraction).toBeCloseTo(0.1, 2);
    expect(truth.standardError).toBeGreaterThan(0.0014);
    expect(sets.iid!.fraction).toBe(0);
    expect(sets.iid!.z).toBeLessThan(-20);
    expect(independent).toEqual({ reference: expect.any(Number), iid: 2_000 });
  });

  test('replicas that never leave their basin count as so many frames as there are replicas', () => {
    const [next, replicas, frames] = [gaussianSource(5), 100, 50];
    const column = (start: (replica: number) => number) =>
      Float32Array.from({ length: replicas * frames }, (_, i) => start(i % replicas) + 0.3 * next());
    const points = [column((replica) => (replica % 10 === 0 ? Math.PI / 3 : -Math.PI / 2)), column(() => 0)];
    const series = Array.from({ length: replicas }, (_, replica) =>
      Uint32Array.from({ length: frames }, (_unused, frame) => frame * replicas + replica),
    );
    const { states, independent } = statePopulations(reference, { sim: { points, series } }, anglePlane, axes);
    expect(independent.sim).toBeGreaterThan(80);
    expect(independent.sim).toBeLessThan(120);
    expect(states.at(-1)!.sets.sim!.standardError).toBeCloseTo(0.03, 2);
  });
});

test('a population without correlation has the binomial error, one trajectory of blocks that of its blocks', () => {
  const inside = Uint8Array.from({ length: 10_000 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  expect(populationOf(inside)).toEqual({ fraction: 0.25, standardError: expect.closeTo(0.00433, 5) });
  // Twenty visits and absences of 500 frames, five of them inside.
  const visits = Uint8Array.from({ length: 10_000 }, (_, i) => (Math.floor(i / 500) % 4 === 0 ? 1 : 0));
  const { standardError } = populationOf(visits, [Uint32Array.from(visits.keys())]);
  expect(standardError).toBeCloseTo(Math.sqrt((0.25 * 0.75) / 19), 6);
});

test('no population, no basins: a reference beyond the limits', () => {
  const far = { points: [Float32Array.of(9, 9), Float32Array.of(9, 9)] };
  const plane = { ...anglePlane, periodic: false };
  expect(
    statePopulations(
      far,
      {},
      plane,
      axes.map(({ label }) => ({ label: label === 'φ' ? 'x' : 'y' })),
    ).states,
  ).toEqual([]);
});
