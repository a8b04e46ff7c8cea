import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { move, superpose } from './superpose.ts';
import { gaussianSource } from './toys/gaussian.ts';

/** The rotation by an angle about an axis (Rodrigues), not by way of a quaternion. */
function rotationAbout(axis: readonly number[], angle: number): number[] {
  const size = Math.hypot(...axis);
  const [x, y, z] = axis.map((value) => value / size) as [number, number, number];
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const t = 1 - c;
  return [
    ...[c + x * x * t, x * y * t - z * s, x * z * t + y * s],
    ...[y * x * t + z * s, c + y * y * t, y * z * t - x * s],
    ...[z * x * t - y * s, z * y * t + x * s, c + z * z * t],
  ];
}

const determinant = (m: ArrayLike<number>) =>
  m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
  m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
  m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!);

function expectRotation(rotation: Float64Array): void {
  expect(determinant(rotation)).toBeCloseTo(1, 12);
  for (let a = 0; a < 3; a++) {
    for (let b = 0; b < 3; b++) {
      const product = [0, 1, 2].reduce((sum, k) => sum + rotation[3 * a + k]! * rotation[3 * b + k]!, 0);
      expect(product).toBeCloseTo(a === b ? 1 : 0, 12);
    }
  }
}

const cloud = (points: number, seed: number): Float64Array => {
  const next = gaussianSource(seed);
  return Float64Array.from({ length: 3 * points }, next);
};

test('a motion that was applied is found again, however far it goes', () => {
  const next = gaussianSource(1);
  for (const points of [3, 4, 5, 22, 300]) {
    for (const angle of [0, 1e-6, 0.7, 2, 3.1, Math.PI]) {
      const mobile = cloud(points, points);
      const rotation = rotationAbout([next(), next(), next()], angle);
      const translation = [100 * next(), 100 * next(), 100 * next()];
      const target = new Float64Array(mobile.length);
      move({ rotation: Float64Array.from(rotation), translation: Float64Array.from(translation) }, mobile, target);
      const found = superpose(mobile, target);
      expectRotation(found.rotation);
      for (let k = 0; k < 9; k++) expect(found.rotation[k]).toBeCloseTo(rotation[k]!, 9);
      for (let k = 0; k < 3; k++) expect(found.translation[k]).toBeCloseTo(translation[k]!, 9);
      expect(found.rmsd).toBeLessThan(1e-11);
    }
  }
});

test('no other motion is better: neither a turn nor a shift lowers the deviation', () => {
  const next = gaussianSource(9);
  for (let round = 0; round < 20; round++) {
    const [mobile, target] = [cloud(7, 100 + round), cloud(7, 200 + round)];
    const weights = Float64Array.from({ length: 7 }, () => Math.abs(next()));
    const best = superpose(mobile, target, weights);
    expectRotation(best.rotation);
    const deviation = (rotation: Float64Array, translation: Float64Array) => {
      const moved = new Float64Array(21);
      move({ rotation, translation }, mobile, moved);
      const squares = moved.map((value, k) => weights[Math.floor(k / 3)]! * (value - target[k]!) ** 2);
      return Math.sqrt(squares.reduce((a, b) => a + b) / weights.reduce((a, b) => a + b));
    };
    expect(deviation(best.rotation, best.translation)).toBeCloseTo(best.rmsd, 12);
    for (let trial = 0; trial < 50; trial++) {
      const turn = rotationAbout([next(), next(), next()], trial < 25 ? 0.01 : Math.abs(next()));
      const turned = Float64Array.from(best.rotation, (_, k) =>
        [0, 1, 2].reduce((sum, m) => sum + turn[3 * Math.floor(k / 3) + m]! * best.rotation[3 * m + (k % 3)]!, 0),
      );
      const shifted = best.translation.map((value) => value + 0.01 * next());
      expect(deviation(best.rotation, shifted)).toBeGreaterThan(best.rmsd);
      // The best shift for another rotation keeps the centres together; the centre of the moved points is the target's.
      const centre = (points: Float64Array, axis: number) =>
        weights.reduce((sum, weight, k) => sum + weight * points[3 * k + axis]!, 0) / weights.reduce((a, b) => a + b);
      const at = [0, 1, 2].map((axis) => centre(mobile, axis));
      const shift = Float64Array.from([0, 1, 2], (a) => {
        return centre(target, a) - [0, 1, 2].reduce((sum, m) => sum + turned[3 * a + m]! * at[m]!, 0);
      });
      expect(deviation(turned, shift)).toBeGreaterThan(best.rmsd);
    }
  }
});

test('a mirror image is not superposed by mirroring it', () => {
  const target = Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1);
  const mirrored = target.map((value, k) => (k % 3 === 2 ? -value : value));
  const { rotation, rmsd } = superpose(mirrored, target);
  expectRotation(rotation);
  expect(rmsd).toBeGreaterThan(0.2);
});

test('points in a plane, on a line, in one place: still a rotation, and no deviation', () => {
  const shapes = {
    plane: cloud(6, 4).map((value, k) => (k % 3 === 2 ? 0 : value)),
    line: cloud(6, 5).map((value, k) => (k % 3 === 0 ? value : 0)),
    place: new Float64Array(18),
    point: Float64Array.of(1, 2, 3),
  };
  for (const mobile of Object.values(shapes)) {
    const target = new Float64Array(mobile.length);
    const rotation = Float64Array.from(rotationAbout([1, -2, 0.5], 2.2));
    move({ rotation, translation: Float64Array.of(1, 2, 3) }, mobile, target);
    const found = superpose(mobile, target);
    expectRotation(found.rotation);
    expect(found.rmsd).toBeLessThan(1e-12);
  }
});

test('small molecules far from the origin, in single precision, keep the digits they have', () => {
  const shape = cloud(10, 6).map((value) => 0.1 * value);
  const far = Float32Array.from(shape, (value) => value + 500);
  // Neighbouring single-precision numbers near 500 lie 3e-5 apart.
  expect(superpose(far, shape).rmsd).toBeLessThan(2e-5);
});

test('weights of 0 leave points out of the fit and of the deviation', () => {
  const target = cloud(6, 7);
  const mobile = target.slice();
  mobile.set([50, -20, 7], 15);
  expect(superpose(mobile, target, [1, 1, 1, 1, 1, 0]).rmsd).toBeLessThan(1e-12);
  expect(superpose(mobile, target).rmsd).toBeGreaterThan(1);
});

test('a frame of a stopped replica has no deviation', () => {
  const target = cloud(4, 8);
  expect(superpose(target.with(5, Number.NaN), target).rmsd).toBeNaN();
});

test.each([
  ['different numbers of points', [0, 0, 0], [0, 0, 0, 1, 1, 1], undefined, /1 and 2/],
  ['no points', [], [], undefined, /0 and 0/],
  ['half a point', [1, 2], [1, 2], undefined, /equally many points/],
  ['a missing weight', [0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1], [1], /1 weights for 2 points/],
  ['a weight below 0', [0, 0, 0], [0, 0, 0], [-1], /below 0/],
  ['weights of 0', [0, 0, 0], [0, 0, 0], [0], /no finite sum/],
])('%s is refused', (_, mobile, target, weights, message) => {
  expect(() => superpose(mobile, target, weights)).toThrow(message);
  expect(() => superpose(mobile, target, weights)).toThrow(ErgodicError);
});
