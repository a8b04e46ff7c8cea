import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { angles, bondedTriples } from '../geometry/angles.ts';
import { conformations } from '../geometry/conformations.ts';
import { stiffGeometry } from './stiff-geometry.ts';

const lengths = (seed: number, longer: number) => {
  const next = gaussianSource(seed);
  return Float64Array.from({ length: 4000 }, () => 0.15 + longer + 0.0025 * next());
};

test('one bond of two that is 1 pm too long in every frame: 1 pm for it, 0.5 pm in the mean', () => {
  const [first, second] = [lengths(1, 0), lengths(2, 0)];
  const turned = [Float64Array.from(first, (length) => 10 * length)];
  const found = stiffGeometry(
    { bonds: [first.map((length) => length + 1e-3), second], angles: turned },
    { bonds: [first, second], angles: turned },
  );
  expect(found.bonds.each[0]).toBeCloseTo(1e-3, 12);
  expect(found.bonds.each[1]).toBe(0);
  expect(found.bonds.mean).toBeCloseTo(5e-4, 12);
  expect(found.bonds.largest).toBeCloseTo(1e-3, 12);
  expect(found.angles).toEqual({ each: [0], mean: 0, largest: 0 });
  // Six standard deviations of one bond.
  expect([found.bondOff, found.bondOffReference]).toEqual([0, 0]);
});

test('a frame is off when any bond is off by more than 15 pm, counted once', () => {
  const model = [lengths(1, 0), lengths(2, 0)];
  for (let frame = 0; frame < 400; frame++) model[frame % 2]![frame]! += frame % 3 === 0 ? 0.03 : -0.03;
  for (let frame = 0; frame < 40; frame++) model[(frame + 1) % 2]![frame]! += 0.03;
  const found = stiffGeometry({ bonds: model, angles: [] }, { bonds: [lengths(1, 0), lengths(2, 0)], angles: [] });
  expect(found.bondOff).toBe(0.1);
  expect(found.angles).toBeNull();
});

test('bonded angles: each pair of bonds of a bead once, straight and square', () => {
  const triples = bondedTriples([
    [0, 1],
    [1, 2],
    [1, 3],
  ]);
  expect(triples).toEqual([
    [0, 1, 2],
    [0, 1, 3],
    [2, 1, 3],
  ]);
  const all = conformations(Float64Array.from([-1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3]), 4);
  expect(angles(all, triples).map(([angle]) => angle)).toEqual([Math.PI, Math.PI / 2, Math.PI / 2]);
});
