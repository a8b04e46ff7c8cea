/**
 * Factors of a basis (method §11). To energies: least squares. To forces, *derived for this product*: φ of least
 * ⟨½|∇φ|² − βF·∇φ − Δφ⟩ over the data, whose gradient is the score of the Boltzmann distribution less that of the data, so that
 * e^φ weighs the data as the forces say. Sums over configurations are made by an engine; what is solved is small.
 */
import type { Engine } from '../engines/engine.ts';
import { tangents } from '../program/differentiate.ts';
import { add, broadcast, constant, matmul, reshape, sum, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';
import { symmetricEigen } from '../symmetric-eigen.ts';
import { type Basis, sizeOfBasis, valuesOf } from './basis.ts';

/** Configurations of one shape. */
export interface Configurations {
  readonly shape: Shape;
  readonly count: number;
  /** Model units, one configuration after the other. */
  readonly positions: Float32Array;
}

/** Configurations in one call of an engine. */
const AT_ONCE = 2000;
/** Configurations that factors are fitted to, at most: evenly spaced ones. */
const MOST_FITTED = 40_000;
/** Of the diagonal, added to it: what noise alone would decide stays near zero. */
const RIDGE = 1e-3;

/** Of each configuration, [count, functions]. */
export async function basisValues(basis: Basis, of: Configurations, engine: Engine): Promise<Float32Array> {
  const size = sizeOfBasis(basis);
  const program = trace('basis', { x: { shape: of.shape, perSample: true } }, ({ x }) => ({
    end: { values: reshape(valuesOf(basis, asRow(x)), [size]) },
  }));
  const values = new Float32Array(of.count * size);
  await inParts(program, engine, of.count, async (run, from, to) => {
    const found = await run({ x: rowsOf(of.positions, sizeOf(of.shape), from, to) });
    values.set(found.values!, from * size);
  });
  return values;
}

/** Of energies in kT: the factors, without a constant. */
export function fittedToEnergies(values: Float32Array, energies: ArrayLike<number>): Float64Array {
  const count = energies.length;
  const size = values.length / count;
  const means = new Float64Array(size);
  let meanEnergy = 0;
  for (let i = 0; i < count; i++) {
    meanEnergy += energies[i]! / count;
    for (let k = 0; k < size; k++) means[k]! += values[i * size + k]! / count;
  }
  const products = new Float64Array(size * size);
  const right = new Float64Array(size);
  const row = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    const energy = (energies[i]! - meanEnergy) / count;
    for (let k = 0; k < size; k++) row[k] = values[i * size + k]! - means[k]!;
    for (let k = 0; k < size; k++) {
      right[k]! += row[k]! * energy;
      const own = row[k]! / count;
      for (let l = 0; l <= k; l++) products[k * size + l]! += own * row[l]!;
    }
  }
  return solved(products, right);
}

/** `forces`: in kT over the unit of the positions. */
export async function fittedToForces(
  basis: Basis,
  of: Configurations & { readonly forces: Float32Array },
  engine: Engine,
): Promise<Float64Array> {
  const size = sizeOfBasis(basis);
  const width = sizeOf(of.shape);
  const every = Math.max(1, Math.ceil(of.count / MOST_FITTED));
  const count = Math.floor(of.count / every);
  const products = new Float64Array(size * size);
  const right = new Float64Array(size);
  await inParts(forceSums(basis, of.shape), engine, count, async (run, from, to) => {
    const found = await run({
      x: rowsOf(of.positions, width, from, to, every),
      forces: rowsOf(of.forces, width, from, to, every),
    });
    for (let i = 0; i < products.length; i++) products[i]! += found.products![i]! / count;
    for (let i = 0; i < size; i++) right[i]! += found.right![i]! / count;
  });
  return solved(products, right);
}

/** Sums over samples: ∇f ∇fᵀ, [functions, functions], and ∇f·βF + Δf, [functions]. */
export function forceSums(basis: Basis, shape: Shape): Program {
  const width = sizeOf(shape);
  const size = sizeOfBasis(basis);
  return trace(
    'sums over forces',
    { x: { shape, perSample: true }, forces: { shape, perSample: true } },
    ({ x, forces }) => {
      // A row for each coordinate, all the same configuration: each moves along its own coordinate.
      const rows = broadcast(
        x,
        [width, ...shape],
        shape.map((_, i) => i + 1),
      );
      const along = new Map([[rows, unitRows(width, shape)]]);
      const values = valuesOf(basis, rows);
      const slopes = tangents([values], along)[0]!;
      const curvatures = tangents([slopes], along)[0]!;
      const pushed = reshape(matmul(reshape(forces, [1, width]), slopes), [size]);
      return {
        end: {
          products: sumOverSamples(matmul(slopes, slopes, true)),
          right: sumOverSamples(add(pushed, sum(curvatures, [0]))),
        },
      };
    },
  );
}

function unitRows(width: number, shape: Shape): Tensor {
  const entries = new Float64Array(width * width);
  for (let i = 0; i < width; i++) entries[i * width + i] = 1;
  return constant(entries, [width, ...shape]);
}

const asRow = (x: Tensor): Tensor => reshape(x, [1, ...x.shape]);

type Call = (inputs: Readonly<Record<string, Float32Array>>) => Promise<Readonly<Record<string, ArrayLike<number>>>>;

async function inParts(
  program: Program,
  engine: Engine,
  count: number,
  part: (run: Call, from: number, to: number) => Promise<void>,
): Promise<void> {
  const compiled = await engine.compile(program);
  try {
    for (let from = 0; from < count; from += AT_ONCE) {
      const to = Math.min(count, from + AT_ONCE);
      await part((inputs) => compiled.run({ samples: to - from, inputs }), from, to);
    }
  } finally {
    compiled.dispose();
  }
}

function rowsOf(values: Float32Array, width: number, from: number, to: number, every = 1): Float32Array {
  if (every === 1) return values.subarray(from * width, to * width);
  const rows = new Float32Array((to - from) * width);
  for (let row = from; row < to; row++) {
    rows.set(values.subarray(row * every * width, (row * every + 1) * width), (row - from) * width);
  }
  return rows;
}

/** Of a symmetric matrix in rows, of which the lower triangle is read; functions that are always the same get 0. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const units = Float64Array.from(right, (_, i) => {
    const own = matrix[i * size + i]!;
    return own > 0 ? 1 / Math.sqrt(own) : 0;
  });
  const scaled = matrix.map((value, at) => value * units[Math.floor(at / size)]! * units[at % size]!);
  const { values, vectors } = symmetricEigen(scaled, size);
  const factors = new Float64Array(size);
  for (const [i, vector] of vectors.entries()) {
    const along = vector.reduce((total, value, k) => total + value * units[k]! * right[k]!, 0);
    const factor = along / (Math.max(values[i]!, 0) + RIDGE);
    for (let k = 0; k < size; k++) factors[k]! += factor * vector[k]! * units[k]!;
  }
  return factors;
}
