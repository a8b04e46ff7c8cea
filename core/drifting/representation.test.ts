import { expect, test } from 'vitest';
import { evaluated, numbers } from '../models/evaluated.test-support.ts';
import { featuresOf, relationOf } from './representation.ts';

const BEADS = 4;
const rows = 3;
const values = numbers(rows * BEADS * 3);
/** Turned about an axis, and moved. */
const turned = Float64Array.from(values, (_, i) => {
  const [at, axis] = [i - (i % 3), i % 3];
  const [x, y, z] = [values[at]!, values[at + 1]!, values[at + 2]!];
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  return [c * x - s * y, s * x + c * y, z][axis]! + 0.3;
});
const deviations = [0.01, 0.01, 0.01, 0.09, 0.09, 0.09];
const statistics = { distances: { means: [], deviations }, torsions: [[0, 1, 2, 3]] } as never;
/** Of the configurations, mirrored. */
const mirrored = Float64Array.from(values, (value, i) => (i % 3 === 2 ? -value : value));

const features = (representation: Parameters<typeof featuresOf>[0], of: Float64Array) =>
  evaluated({ x: { shape: [rows, BEADS, 3], values: of } }, ({ x }) => ({
    f: featuresOf(representation, [BEADS, 3], statistics)(x),
  })).then(({ f }) => f!);

test('distances are those of all pairs, and no rotation changes them', async () => {
  const [before, after] = await Promise.all([features('distances', values), features('distances', turned)]);
  expect(before).toHaveLength(rows * 6);
  expect(before[0]).toBeCloseTo(Math.hypot(...[0, 1, 2].map((axis) => values[axis]! - values[3 + axis]!)), 6);
  before.forEach((value, i) => {
    expect(value).toBeCloseTo(after[i]!, 10);
  });
});

test('scaled distances count the more the narrower they are', async () => {
  const [plain, scaled] = await Promise.all([features('distances', values), features('scaled-distances', values)]);
  const factors = Array.from(plain.subarray(0, 6), (value, i) => scaled[i]! / value);
  expect(factors[0]! / factors[3]!).toBeCloseTo(3, 10);
  expect(factors.reduce((sum, factor) => sum + factor ** 2, 0) / 6).toBeCloseTo(1, 10);
});

test('coordinates of a molecule are those about its centre, and two of them are compared after superposition', async () => {
  const { f, d } = await evaluated(
    { x: { shape: [rows, BEADS, 3], values }, y: { shape: [rows, BEADS, 3], values: turned } },
    ({ x, y }) => {
      const own = featuresOf('coordinates', [BEADS, 3], undefined);
      const relate = relationOf('coordinates', [BEADS, 3]);
      return { f: own(x), d: relate(own(x), own(y)).squares };
    },
  );
  for (let axis = 0; axis < 3; axis++) {
    const sum = [0, 1, 2, 3].reduce((total, bead) => total + f![3 * bead + axis]!, 0);
    expect(sum).toBeCloseTo(0, 10);
  }
  for (let row = 0; row < rows; row++) {
    expect(d![rows * row + row]).toBeCloseTo(0, 8);
    expect(d![rows * row + ((row + 1) % rows)]).toBeGreaterThan(0.01);
  }
});

test('internal coordinates add torsions: their cosine is that of the mirror image, their sine has its other sign', async () => {
  const [own, turnedBack, other] = await Promise.all([values, turned, mirrored].map((of) => features('internal', of)));
  expect(own).toHaveLength(rows * 8);
  own!.forEach((value, i) => {
    expect(value).toBeCloseTo(turnedBack![i]!, 6);
  });
  for (let row = 0; row < rows; row++) {
    const [cosine, sine] = [own![8 * row + 6]!, own![8 * row + 7]!];
    expect(other![8 * row + 6]).toBeCloseTo(cosine, 6);
    expect(other![8 * row + 7]).toBeCloseTo(-sine, 6);
    const weight = (2 * (3 * 0.1 + 3 * 0.3)) / 6 / Math.sqrt((3 / 0.01 + 3 / 0.09) / 6);
    expect(Math.hypot(cosine, sine)).toBeCloseTo(weight, 4);
  }
});
