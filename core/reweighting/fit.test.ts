import { afterAll, expect, test } from 'vitest';
import { wasmEngine } from '../engines/wasm/wasm.ts';
import { evaluated } from '../models/evaluated.test-support.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { gaussianBasis, type InternalBasis, sizeOfBasis, valuesOf } from './basis.ts';
import { basisValues, fittedToEnergies, fittedToForces, forceSums } from './fit.ts';

const engine = wasmEngine({ threads: 1 });
afterAll(() => engine.dispose());

const COUNT = 40_000;

/** Of a normal distribution of variance 1. */
function normals(): Float32Array {
  const next = gaussianSource(3);
  return Float32Array.from({ length: COUNT }, next);
}

/** Slope of the fitted logarithm of the weight against the exact one, where there are data. */
async function slopeOf(factors: Float64Array, basis: ReturnType<typeof gaussianBasis>, exact: (x: number) => number) {
  const grid = Float32Array.from({ length: 31 }, (_, i) => -1.5 + 0.1 * i);
  const values = await basisValues(basis, { shape: [1], count: grid.length, positions: grid }, engine);
  const fitted = [...grid].map((_, row) =>
    factors.reduce((total, factor, k) => total + factor * values[row * factors.length + k]!, 0),
  );
  const mean = (of: readonly number[]) => of.reduce((total, value) => total + value, 0) / of.length;
  const wanted = [...grid].map(exact);
  const [a, b] = [mean(fitted), mean(wanted)];
  const together = mean(fitted.map((value, i) => (value - a) * (wanted[i]! - b)));
  const residual = mean(fitted.map((value, i) => (value - a - wanted[i]! + b) ** 2));
  const own = mean(wanted.map((value) => (value - b) ** 2));
  return { slope: together / own, residual: Math.sqrt(residual / own) };
}

// Data of variance 1, and a Boltzmann distribution of variance 0.6: the logarithm of the weight is −x²/3.
const exact = (x: number) => -(x ** 2) / 3;

test('forces alone tell the weights', async () => {
  const positions = normals();
  const basis = gaussianBasis(positions, 1);
  const forces = positions.map((x) => -x / 0.6);
  const factors = await fittedToForces(basis, { shape: [1], count: COUNT, positions, forces }, engine);
  const { slope, residual } = await slopeOf(factors, basis, exact);
  expect(Math.abs(slope - 1)).toBeLessThan(0.05);
  expect(residual).toBeLessThan(0.1);
});

test('energies tell them as a regression does', async () => {
  const positions = normals();
  const basis = gaussianBasis(positions, 1);
  const noise = gaussianSource(9);
  const values = await basisValues(basis, { shape: [1], count: COUNT, positions }, engine);
  const factors = fittedToEnergies(
    basis,
    values,
    positions.map((x) => exact(x) + noise()),
  );
  const { slope, residual } = await slopeOf(factors, basis, exact);
  expect(Math.abs(slope - 1)).toBeLessThan(0.1);
  expect(residual).toBeLessThan(0.15);
});

test('the sums over forces are those of the gradients and Laplacians of the basis', async () => {
  const basis: InternalBasis = {
    kind: 'internal',
    pairs: [
      [0, 1],
      [0, 3],
    ],
    means: [1, 1],
    deviations: [0.5, 1],
    torsions: [[0, 1, 2, 3]],
    together: [],
  };
  const x = [0.1, 1, 0, 0, 0, 0.2, 1, 0.1, 0, 1.2, -0.4, 0.8];
  const forces = x.map((_, i) => Math.sin(3 * i));
  const size = sizeOfBasis(basis);
  const at = async (shifted: readonly number[]) =>
    (
      await evaluated({ x: { shape: [1, 4, 3], values: shifted } }, (inputs) => ({
        values: valuesOf(basis, inputs.x),
      }))
    ).values!;
  const program = await engine.compile(forceSums(basis, [4, 3]));
  const found = await program.run({
    samples: 1,
    inputs: { x: Float32Array.from(x), forces: Float32Array.from(forces) },
  });
  const h = 1e-4;
  const middle = await at(x);
  const slopes: Float64Array[] = [];
  const right = new Float64Array(size);
  for (const [i, own] of x.entries()) {
    const [up, down] = [await at(x.with(i, own + h)), await at(x.with(i, own - h))];
    slopes.push(up.map((value, k) => (value - down[k]!) / (2 * h)));
    for (let k = 0; k < size; k++) {
      right[k]! += slopes[i]![k]! * forces[i]! + (up[k]! - 2 * middle[k]! + down[k]!) / h ** 2;
    }
  }
  for (let k = 0; k < size; k++) {
    expect(Math.abs(found.right![k]! - right[k]!)).toBeLessThan(1e-3 * (1 + Math.abs(right[k]!)));
    for (let l = 0; l < size; l++) {
      const product = slopes.reduce((total, slope) => total + slope[k]! * slope[l]!, 0);
      expect(Math.abs(found.products![k * size + l]! - product)).toBeLessThan(1e-3 * (1 + Math.abs(product)));
    }
  }
});
