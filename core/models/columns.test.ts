/** What a method needs of a data set and finds there: one sentence where it does not; and the numbers in model units. */
import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { sizeOf } from '../program/tensor.ts';
import { type Measured, trainingSet } from '../runs/data/data-set.ts';
import { columnNames, columns, requireColumns } from './columns.ts';

/** Numbers of all sizes, so that roundings differ. */
const numbers = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin(seed + 12.9898 * i * i) * 10 ** (((i * 7) % 9) - 4));

const measured: Measured = {
  name: 'traj.xtc',
  shape: [20, 3],
  count: 50,
  positions: numbers(3000, 1),
  forces: numbers(3000, 2),
  energies: numbers(50, 3),
  weights: numbers(50, 4),
};

test('positions are the quotient in float64, rounded once: the bits of a division on every batch', () => {
  const scale = 0.2137465983;
  const { values } = trainingSet(measured, { scale, kT: 2.49 }).columns.positions;
  const expected = new Float32Array(3000);
  for (let i = 0; i < 3000; i++) expected[i] = measured.positions[i]! / scale;
  expect(values).toEqual(expected);
  // The cheaper product with the inverse has other bits.
  expect(values).not.toEqual(measured.positions.map((value) => value * Math.fround(1 / scale)));
});

test('forces are scores in model units, energies in kT, weights as they are', () => {
  const [scale, kT] = [0.25, 2.5];
  const { forces, energies, weights } = trainingSet(measured, { scale, kT }).columns;
  expect(forces!.values).toEqual(measured.forces!.map((force) => force * (scale / kT)));
  expect(energies!.values).toEqual(measured.energies!.map((energy) => energy / kT));
  expect(weights!.values).toBe(measured.weights);
});

test('the score of a harmonic oscillator in model units is that of its density there', () => {
  // U = k x²/2: the force is −k x, and −∇ log p of x/scale is k scale²/kT · x/scale.
  const [k, scale, kT] = [7, 0.5, 2];
  const positions = numbers(3000, 1);
  const forces = positions.map((x) => -k * x);
  const set = trainingSet({ ...measured, positions, forces }, { scale, kT }).columns;
  for (const [i, y] of set.positions.values.entries()) {
    // Three numbers rounded to float32.
    expect(Math.abs(set.forces!.values[i]! / (((-k * scale ** 2) / kT) * y) - 1)).toBeLessThan(3 * 2 ** -23);
  }
});

test('what does not change is not copied; of some frames there are these alone', () => {
  const whole = trainingSet(measured, { scale: 1, kT: 1 });
  for (const name of ['positions', 'forces', 'energies', 'weights'] as const) {
    expect(whole.columns[name]!.values).toBe(measured[name]);
  }
  const ranges = [
    { start: 2, end: 3 },
    { start: 10, end: 14 },
  ];
  const part = trainingSet(measured, { scale: 1, kT: 2 }, ranges);
  expect(part.count).toBe(5);
  const rows = (values: Float32Array, width: number) =>
    [2, 10, 11, 12, 13].flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]);
  expect([...part.columns.positions.values]).toEqual(rows(measured.positions, 60));
  expect([...part.columns.energies!.values]).toEqual(rows(measured.energies!, 1).map((value) => value / 2));
  expect([...part.columns.weights!.values]).toEqual(rows(measured.weights!, 1));
});

test('a column is as large as its kind says', () => {
  const features = { shape: [20, 2], values: new Float32Array(40) };
  const set = trainingSet({ ...measured, features }, { scale: 2, kT: 3 });
  for (const name of columnNames) {
    const { shape, values } = set.columns[name]!;
    expect(values.length).toBe(sizeOf(shape) * (columns[name].isShared ? 1 : set.count));
    expect(columns[name].shapeOf(set.shape) ?? [20, 2]).toEqual(shape);
  }
});

test('what is missing is one sentence: what, in which file, what to do', () => {
  const full = trainingSet(measured, { scale: 1, kT: 1 });
  const bare = (name: string) => trainingSet({ ...measured, name, forces: undefined }, { scale: 1, kT: 1 });
  expect(() => requireColumns([full], ['positions', 'forces', 'energies', 'weights'])).not.toThrow();
  expect(() => requireColumns([bare('traj.xtc')], ['positions'])).not.toThrow();
  expect(() => requireColumns([bare('traj.xtc')], ['positions', 'forces'])).toThrow(
    new ErgodicError(
      '`traj.xtc` has no forces, but this model trains on them: ' +
        'use a trajectory with forces (TRR, extended XYZ, NPZ), or a method that does not need them.',
    ),
  );
  expect(() => requireColumns([full, bare('b.xtc'), bare('c.xtc')], ['forces'])).toThrow(
    /^`b.xtc` and 1 more have no forces, but/,
  );
  for (const name of ['features', 'energies', 'weights'] as const) {
    const without = { ...full, columns: { positions: full.columns.positions } };
    expect(() => requireColumns([without], [name])).toThrow(`no ${name}, but this model trains on them: `);
  }
});
