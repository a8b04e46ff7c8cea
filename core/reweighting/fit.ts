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
/** Of the diagonal, added to it: what noise alone would decide stays near zero. Forces on beads have more of it than others. */
const RIDGES: Readonly<Record<Basis['kind'], readonly number[]>> = {
  gaussians: [1e-3],
  internal: Array.from({ length: 11 }, (_, i) => 10 ** (-4 + i / 2)),
};
/** Blocks of configurations; a ridge is chosen by how well factors fit a block that was left out. */
const BLOCKS = 5;

/** Of each configuration, [count, functions]. */
export async function basisValues(basis: Basis, of: Configurations, engine: Engine): Promise<Float32Array> {
  const size = sizeOfBasis(basis);
  const program = trace('basis', { x: { shape: of.shape, perSample: true } }, ({ x }) => ({
    end: { values: reshape(valuesOf(basis, asRow(x)), [size]) },
  }));
  const compiled = await engine.compile(program);
  const values = new Float32Array(of.count * size);
  try {
    for (let from = 0; from < of.count; from += AT_ONCE) {
      const to = Math.min(of.count, from + AT_ONCE);
      const inputs = { x: rowsOf(of.positions, sizeOf(of.shape), from, to) };
      const found = await compiled.run({ samples: to - from, inputs });
      values.set(found.values!, from * size);
    }
  } finally {
    compiled.dispose();
  }
  return values;
}

/** Of energies in kT: the factors, without a constant. */
export function fittedToEnergies(basis: Basis, values: Float32Array, energies: ArrayLike<number>): Float64Array {
  const count = energies.length;
  const size = values.length / count;
  const means = new Float64Array(size);
  let meanEnergy = 0;
  for (let i = 0; i < count; i++) {
    meanEnergy += energies[i]! / count;
    for (let k = 0; k < size; k++) means[k]! += values[i * size + k]! / count;
  }
  const row = new Float64Array(size);
  const sums = blocksOf(count).map(([from, to]) => {
    const own = noSums(size);
    for (let i = from; i < to; i++) {
      const energy = energies[i]! - meanEnergy;
      for (let k = 0; k < size; k++) row[k] = values[i * size + k]! - means[k]!;
      for (let k = 0; k < size; k++) {
        own.right[k]! += row[k]! * energy;
        for (let l = 0; l <= k; l++) own.products[k * size + l]! += row[k]! * row[l]!;
      }
    }
    return own;
  });
  return solvedOverBlocks(sums, RIDGES[basis.kind]);
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
  const compiled = await engine.compile(forceSums(basis, of.shape));
  const sums: Sums[] = [];
  try {
    for (const [first, end] of blocksOf(Math.floor(of.count / every))) {
      const own = noSums(size);
      for (let from = first; from < end; from += AT_ONCE) {
        const to = Math.min(end, from + AT_ONCE);
        const inputs = {
          x: rowsOf(of.positions, width, from, to, every),
          forces: rowsOf(of.forces, width, from, to, every),
        };
        const found = await compiled.run({ samples: to - from, inputs });
        for (let i = 0; i < own.products.length; i++) own.products[i]! += found.products![i]!;
        for (let i = 0; i < size; i++) own.right[i]! += found.right![i]!;
      }
      sums.push(own);
    }
  } finally {
    compiled.dispose();
  }
  return solvedOverBlocks(sums, RIDGES[basis.kind]);
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

function rowsOf(values: Float32Array, width: number, from: number, to: number, every = 1): Float32Array {
  if (every === 1) return values.subarray(from * width, to * width);
  const rows = new Float32Array((to - from) * width);
  for (let row = from; row < to; row++) {
    rows.set(values.subarray(row * every * width, (row * every + 1) * width), (row - from) * width);
  }
  return rows;
}

/** Of ½ θ·A θ − b·θ, the loss of factors θ: A in rows, of which the lower triangle is read, and b. */
interface Sums {
  readonly products: Float64Array;
  readonly right: Float64Array;
}

const noSums = (size: number): Sums => ({ products: new Float64Array(size * size), right: new Float64Array(size) });

/** Of as many configurations each: contiguous, so that neighbours in time are in one. */
const blocksOf = (count: number): [number, number][] =>
  Array.from({ length: BLOCKS }, (_, i) => [Math.floor((count * i) / BLOCKS), Math.floor((count * (i + 1)) / BLOCKS)]);

function together(all: readonly Sums[]): Sums {
  const out = noSums(all[0]!.right.length);
  for (const { products, right } of all) {
    for (let i = 0; i < products.length; i++) out.products[i]! += products[i]!;
    for (let i = 0; i < right.length; i++) out.right[i]! += right[i]!;
  }
  return out;
}

/** With the ridge that does best for blocks that were left out. */
function solvedOverBlocks(sums: readonly Sums[], ridges: readonly number[]): Float64Array {
  const losses = ridges.map(() => 0);
  for (const left of sums) {
    const solve = solver(together(sums.filter((one) => one !== left)));
    for (const [i, ridge] of ridges.entries()) losses[i]! += lossOf(left, solve(ridge));
  }
  return solver(together(sums))(ridges[losses.indexOf(Math.min(...losses))]!);
}

function lossOf({ products, right }: Sums, factors: Float64Array): number {
  let loss = 0;
  for (const [k, factor] of factors.entries()) {
    loss += 0.5 * factor ** 2 * products[k * right.length + k]! - factor * right[k]!;
    for (let l = 0; l < k; l++) loss += factor * factors[l]! * products[k * right.length + l]!;
  }
  return loss;
}

/** Factors at a ridge, a part of the diagonal; functions that are always the same get 0. */
function solver({ products, right }: Sums): (ridge: number) => Float64Array {
  const size = right.length;
  const units = Float64Array.from(right, (_, i) => {
    const own = products[i * size + i]!;
    return own > 0 ? 1 / Math.sqrt(own) : 0;
  });
  const scaled = products.map((value, at) => value * units[Math.floor(at / size)]! * units[at % size]!);
  const { values, vectors } = symmetricEigen(scaled, size);
  const along = vectors.map((vector) => vector.reduce((total, value, k) => total + value * units[k]! * right[k]!, 0));
  return (ridge) => {
    const factors = new Float64Array(size);
    for (const [i, vector] of vectors.entries()) {
      const factor = along[i]! / (Math.max(values[i]!, 0) + ridge);
      for (let k = 0; k < size; k++) factors[k]! += factor * vector[k]! * units[k]!;
    }
    return factors;
  };
}
