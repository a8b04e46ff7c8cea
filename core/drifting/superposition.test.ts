import { afterAll, describe, expect, test } from 'vitest';
import { referenceEngine } from '../engines/reference/reference.ts';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { gradients } from '../program/differentiate.ts';
import { sum } from '../program/primitives.ts';
import { trace } from '../program/program.ts';
import type { Tensor } from '../program/tensor.ts';
import { centre } from '../systems/centre.ts';
import { move, superpose } from '../systems/superpose.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { type Superposition, superposed, turnedDot, weightedSum } from './superposition.ts';

type Configuration = Float32Array;
const [N, M] = [9, 13];
const ORIGIN = new Float64Array(3);
const next = gaussianSource(5);

const each = (count: number, of: () => Configuration): Configuration[] => Array.from({ length: count }, of);
const centred = (values: Float64Array): Configuration => {
  centre(values);
  return Float32Array.from(values);
};
const cloud = (beads: number): Configuration => centred(Float64Array.from({ length: 3 * beads }, next));
/** A random rotation: that of four normal numbers as a quaternion. */
function turn(): Float64Array {
  const q = [next(), next(), next(), next()];
  const [w, x, y, z] = q.map((value) => value / Math.hypot(...q)) as [number, number, number, number];
  return Float64Array.of(
    ...[1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    ...[2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    ...[2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  );
}
const turned = (shape: ArrayLike<number>, rotation = turn()): Configuration => {
  const out = new Float64Array(shape.length);
  move({ rotation, translation: ORIGIN }, shape, out);
  return centred(out);
};
const along = (shape: Configuration, factors: readonly number[]): Configuration =>
  shape.map((value, k) => factors[k % 3]! * value);
const mirrored = (shape: Configuration) => along(shape, [1, 1, -1]);
const noisy = (shape: Configuration, noise: number) =>
  turned(centred(Float64Array.from(shape, (value) => value + noise * next())));

const base = cloud(9);
const line = along(base, [1, 0, 0]);
const plane = along(base, [1, 1, 0]);
const triangle = Float32Array.of(1, 0, 0, -0.5, Math.sqrt(0.75), 0, -0.5, -Math.sqrt(0.75), 0);
const tetrahedron = Float32Array.of(1, 1, 1, 1, -1, -1, -1, 1, -1, -1, -1, 1);

type Pairs = readonly [points: readonly Configuration[], others: readonly Configuration[]];
const copies = (shape: Configuration, other = shape): Pairs => [
  each(N, () => turned(shape)),
  each(M, () => turned(other)),
];
const CASES: Readonly<Record<string, Pairs>> = {
  'random configurations': [each(N, () => cloud(9)), each(M, () => cloud(9))],
  'four beads': [each(N, () => cloud(4)), each(M, () => cloud(4))],
  'three beads': [each(N, () => cloud(3)), each(M, () => cloud(3))],
  'two beads': [each(N, () => cloud(2)), each(M, () => cloud(2))],
  'one bead': [each(N, () => cloud(1)), each(M, () => cloud(1))],
  'one configuration, turned': copies(base),
  'one configuration, not turned': [each(N, () => base), each(M, () => base)],
  'a configuration and its mirror image': copies(base, mirrored(base)),
  'two beads at one distance': copies(Float32Array.of(1, 0, 0, -1, 0, 0)),
  'beads on a line': copies(line),
  'beads on a line and its reverse': copies(line, along(line, [-1, 0, 0])),
  'beads on lines of all kinds': [
    each(N, () => turned(along(cloud(9), [1, 0, 0]))),
    each(M, () => turned(along(cloud(9), [1, 0, 0]))),
  ],
  'beads near a line': [
    each(N, () => noisy(along(base, [1, 0.05, 0.05]), 0.01)),
    each(M, () => noisy(along(base, [1, 0.05, 0.05]), 0.01)),
  ],
  'beads in a plane': copies(plane),
  'a triangle': copies(triangle),
  'a tetrahedron': copies(tetrahedron),
  'a tetrahedron and its mirror image': copies(tetrahedron, mirrored(tetrahedron)),
  'a tetrahedron and its mirror image, not turned': [each(N, () => tetrahedron), each(M, () => mirrored(tetrahedron))],
  'nothing but one place': [each(N, () => new Float32Array(12)), each(M, () => cloud(4))],
  'small numbers': [each(N, () => cloud(5).map((x) => 1e-5 * x)), each(M, () => cloud(5).map((x) => 1e-5 * x))],
};

const flat = (rows: readonly Configuration[]): Float32Array => Float32Array.from(rows.flatMap((row) => [...row]));
const squareOf = (x: ArrayLike<number>): number => Array.from(x).reduce((total, value) => total + value * value, 0);
const meanSquare = (rows: readonly Configuration[]): number =>
  rows.reduce((total, row) => total + squareOf(row) / rows.length, 0);

type Outputs = (inputs: { x: Tensor; y: Tensor; w: Tensor; f: Tensor }, of: Superposition) => Record<string, Tensor>;
const everything: Outputs = (_, { squares, rotations }) => ({
  squares,
  ...Object.fromEntries(rotations.flat().map((element, k) => [`r${k}`, element])),
});

const pairs = (visit: (i: number, j: number) => void) => {
  for (let i = 0; i < N; i++) for (let j = 0; j < M; j++) visit(i, j);
};
const rotationAt = (results: Record<string, ArrayLike<number>>, i: number, j: number): Float64Array =>
  Float64Array.from({ length: 9 }, (_, k) => results[`r${k}`]![M * i + j]!);

/** Largest deviation of R Rᵀ from 1, and of det R. */
function improperness(r: Float64Array): number {
  const row = (a: number) => r.subarray(3 * a, 3 * a + 3);
  const product = (a: number, b: number) => row(a).reduce((total, value, k) => total + value * row(b)[k]!, 0);
  const off = [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => Math.abs(product(a, b) - (a === b ? 1 : 0))));
  const determinant =
    r[0]! * (r[4]! * r[8]! - r[5]! * r[7]!) -
    r[1]! * (r[3]! * r[8]! - r[5]! * r[6]!) +
    r[2]! * (r[3]! * r[7]! - r[4]! * r[6]!);
  return Math.max(...off, Math.abs(determinant - 1));
}

describe.each([
  ['reference', referenceEngine(), 1e-6, 1e-12],
  ['wasm', wasmEngine({ threads: 1 }), 1e-5, 3e-6],
] as const)('on the engine %s', (_, engine, precision, rounding) => {
  afterAll(() => engine.dispose());

  async function results(
    [points, others]: Pairs,
    outputs: Outputs,
    weights: ArrayLike<number> = new Float32Array(N * M),
    forces: ArrayLike<number> = new Float32Array(M * others[0]!.length),
  ) {
    const beads = points[0]!.length / 3;
    const shape = (rows: number) => ({ shape: [rows, beads, 3] });
    const specs = { x: shape(N), y: shape(M), w: { shape: [N, M] }, f: shape(M) };
    const program = trace('superposition', specs, (inputs) => ({
      end: outputs(inputs, superposed(inputs.x, inputs.y)),
    }));
    const executable = await engine.compile(program);
    const inputs = { x: flat(points), y: flat(others), w: weights, f: forces };
    const found = await executable.run({ samples: 1, inputs });
    executable.dispose();
    return found;
  }

  test.each(Object.entries(CASES))('%s: the best proper rotation of each pair', async (_, [points, others]) => {
    const found = await results([points, others], everything);
    const size = meanSquare(points) + meanSquare(others);
    pairs((i, j) => {
      const rotation = rotationAt(found, i, j);
      expect(improperness(rotation)).toBeLessThan(rounding);
      const beads = points[i]!.length / 3;
      const square = found.squares![M * i + j]!;
      expect(square).toBeGreaterThanOrEqual(0);
      expect(Math.abs(square - superpose(others[j]!, points[i]!).rmsd ** 2 * beads)).toBeLessThanOrEqual(
        precision * size,
      );
      const own = turnedBy(rotation, others[j]!).map((value, k) => value - points[i]![k]!);
      expect(Math.abs(square - squareOf(own))).toBeLessThanOrEqual(precision * size);
    });
  });

  test.each(['random configurations', 'four beads', 'a configuration and its mirror image', 'beads in a plane'])(
    '%s: the only best rotation is found',
    async (name) => {
      const [points, others] = CASES[name]!;
      const found = await results([points, others], everything);
      pairs((i, j) => {
        const { rotation } = superpose(others[j]!, points[i]!);
        rotationAt(found, i, j).forEach((value, k) => {
          expect(Math.abs(value - rotation[k]!)).toBeLessThan(100 * precision);
        });
      });
    },
  );

  test('turns that were applied are found again', async () => {
    const turns = Array.from({ length: M }, turn);
    const found = await results([each(N, () => base), turns.map((one) => turned(base, one))], everything);
    pairs((i, j) => {
      expect(found.squares![M * i + j]).toBeLessThan(precision * squareOf(base));
      rotationAt(found, i, j).forEach((value, k) => {
        // The inverse of a rotation is its transpose.
        expect(Math.abs(value - turns[j]![3 * (k % 3) + Math.floor(k / 3)]!)).toBeLessThan(precision);
      });
    });
  });

  test('of configurations that are alike to 1 %, squared distances are exact to a few per cent', async () => {
    const noise = 0.01 * Math.sqrt(squareOf(base) / base.length / 2);
    const alike: Pairs = [each(N, () => noisy(base, noise)), each(M, () => noisy(base, noise))];
    const { squares } = await results(alike, everything);
    const errors: number[] = [];
    pairs((i, j) => {
      const exact = superpose(alike[1][j]!, alike[0][i]!).rmsd ** 2 * 9;
      expect(exact / squareOf(base)).toBeLessThan(2e-4);
      errors.push(Math.abs(squares![M * i + j]! / exact - 1));
    });
    expect(Math.max(...errors)).toBeLessThan(0.03);
    expect(errors.sort((a, b) => a - b)[errors.length >> 1]).toBeLessThan(0.01);
  });

  test('sums and scalar products take configurations and forces as they are turned', async () => {
    const [points, others] = CASES['random configurations']!;
    const forces = each(M, () => Float32Array.from({ length: 27 }, next));
    const weights = Float32Array.from({ length: N * M }, () => Math.abs(next()) / M);
    const outputs: Outputs = ({ x, y, w, f }, of) => ({
      ...everything({ x, y, w, f }, of),
      mean: weightedSum(w, of, y),
      force: weightedSum(w, of, f),
      dot: turnedDot(of, x, f),
    });
    const found = await results([points, others], outputs, weights, flat(forces));
    const sums = { mean: new Float64Array(27 * N), force: new Float64Array(27 * N) };
    pairs((i, j) => {
      const rotation = rotationAt(found, i, j);
      const [position, force] = [turnedBy(rotation, others[j]!), turnedBy(rotation, forces[j]!)];
      for (let k = 0; k < 27; k++) {
        sums.mean[27 * i + k]! += weights[M * i + j]! * position[k]!;
        sums.force[27 * i + k]! += weights[M * i + j]! * force[k]!;
      }
      const dot = force.reduce((total, value, k) => total + value * points[i]![k]!, 0);
      expect(Math.abs(found.dot![M * i + j]! - dot)).toBeLessThan(30 * rounding);
    });
    for (const name of ['mean', 'force'] as const) {
      expect(found[name]).toHaveLength(27 * N);
      sums[name].forEach((value, k) => {
        expect(Math.abs(found[name]![k]! - value)).toBeLessThan(10 * rounding);
      });
    }
  });

  test('no derivative flows through a superposition', async () => {
    const outputs: Outputs = ({ x, y, w }, of) => {
      const all = [of.squares, weightedSum(w, of, y), turnedDot(of, x, y)];
      return Object.fromEntries(all.map((one, i) => [`${i}`, gradients(sum(one), [x])[0]!]));
    };
    const found = await results(CASES['four beads']!, outputs, new Float32Array(N * M).fill(1));
    for (const values of Object.values(found)) expect(squareOf(values)).toBe(0);
  });
});

function turnedBy(rotation: Float64Array, shape: ArrayLike<number>): Float64Array {
  const out = new Float64Array(shape.length);
  move({ rotation, translation: ORIGIN }, shape, out);
  return out;
}
