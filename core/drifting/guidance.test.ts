import { describe, expect, test } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { constant } from '../program/primitives.ts';
import { drift } from './field.ts';
import type { Guidance } from './guidance.ts';

interface Mode {
  readonly mass: number;
  readonly mean: number;
  readonly width: number;
}
type Mixture = readonly Mode[];

const densities = (mixture: Mixture, x: number) =>
  mixture.map(({ mass, mean, width }) => (mass / width) * Math.exp(-0.5 * ((x - mean) / width) ** 2));

/** ∇ log p. */
function score(mixture: Mixture, x: number): number {
  const own = densities(mixture, x);
  const total = own.reduce((sum, p) => sum + p, 0);
  return mixture.reduce((sum, { mean, width }, i) => sum - (own[i]! * (x - mean)) / width ** 2, 0) / total;
}

/** Of the mixture with Gaussian noise. */
const blurred = (mixture: Mixture, h: number): Mixture =>
  mixture.map((mode) => ({ ...mode, width: Math.hypot(mode.width, h) }));

/** Evenly over the distribution, without chance. */
function quantiles(mixture: Mixture, count: number): Float64Array {
  const grid = Array.from({ length: 40_001 }, (_, i) => -6 + 3e-4 * i);
  const masses = grid.map((x) => densities(mixture, x).reduce((sum, p) => sum + p, 0));
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const out = new Float64Array(count);
  let [at, below] = [0, 0];
  for (const [i, mass] of masses.entries()) {
    below += mass / total;
    while (at < count && (at + 0.5) / count <= below) out[at++] = grid[i]!;
  }
  return out;
}

interface Given {
  readonly points: ArrayLike<number>;
  readonly data: ArrayLike<number>;
  readonly scores?: ArrayLike<number>;
  readonly h: number;
  readonly guidance?: Omit<Guidance, 'scores'>;
}

/** How far one point is pulled; what is generated is there, too, and pushes nowhere. */
async function pulls({ points, data, scores = data, h, guidance }: Given): Promise<number[]> {
  const column = (values: ArrayLike<number>) => ({ shape: [values.length, 1], values });
  const found: number[] = [];
  const inputs = { data: column(data), scores: column(scores) };
  for (const point of Array.from(points)) {
    const { field, sizes } = await evaluated(
      { ...inputs, points: column([point]), generated: column([point]) },
      (tensors) => {
        const own = guidance && { ...guidance, scores: tensors.scores };
        const batch = { ...tensors, isOwn: false, guidance: own };
        const { field: along, sizes: squares } = drift(batch, 'gaussian', [constant(h)]);
        return { field: along, sizes: squares[0]! };
      },
    );
    found.push(Math.sign(field![0]!) * Math.sqrt(sizes![0]!));
  }
  return found;
}

const rms = (values: readonly number[]) => Math.sqrt(values.reduce((sum, v) => sum + v ** 2, 0) / values.length);
const difference = (a: readonly number[], b: readonly number[]) => rms(a.map((v, i) => v - b[i]!)) / rms(b);

const MIXTURE: Mixture = [
  { mass: 0.7, mean: -1, width: 0.4 },
  { mass: 0.3, mean: 1, width: 0.5 },
];
const POINTS = [-1.3, -0.6, -0.1, 0.3, 0.8, 1.3];
const COUNT = 600;
const DATA = quantiles(MIXTURE, COUNT);

describe('a Gaussian mixture', () => {
  test('the pull of the data is the score of the blurred density', async () => {
    const h = 0.3;
    // Of one point, the normalisation over columns leaves √k: a kernel that is √2 times as wide.
    const wide = Math.SQRT2 * h;
    const exact = POINTS.map((x) => wide ** 2 * score(blurred(MIXTURE, wide), x));
    expect(difference(await pulls({ points: POINTS, data: DATA, h }), exact)).toBeLessThan(0.01);
  });

  test('forces of the data say the same as their places, where the data are Boltzmann', async () => {
    const scores = DATA.map((x) => score(MIXTURE, x));
    const common = { points: POINTS, data: DATA, scores, h: 0.3 };
    const plain = await pulls(common);
    const mixed = await pulls({ ...common, guidance: { kind: 'fi', strengths: [1], tilt: 'residual' } });
    expect(difference(mixed, plain)).toBeLessThan(0.01);
    const tilted = await pulls({ ...common, guidance: { kind: 'fk', strengths: [1], tilt: 'residual' } });
    expect(difference(tilted, plain)).toBeLessThan(0.02);
  });

  test.each(['fi', 'fk'] as const)(
    '%s bends the pull of biased data towards the Boltzmann distribution',
    async (kind) => {
      const modes = [-0.6, 0.6].map((mean) => ({ mean, width: 0.4 }));
      const truth: Mixture = modes.map((mode) => ({ ...mode, mass: 0.5 }));
      const biased: Mixture = modes.map((mode, i) => ({ ...mode, mass: i === 0 ? 0.8 : 0.2 }));
      const data = quantiles(biased, COUNT);
      const scores = data.map((x) => score(truth, x));
      const points = [-0.3, -0.1, 0.1, 0.3];
      const plain = await pulls({ points, data, scores, h: 0.3 });
      const wanted = await pulls({ points, data: quantiles(truth, COUNT), h: 0.3 });
      const own = await pulls({
        points,
        data,
        scores,
        h: 0.3,
        guidance: { kind, strengths: [1], tilt: 'residual' },
      });
      expect(difference(own, wanted)).toBeLessThan(0.7 * difference(plain, wanted));
    },
  );
});

test.each([
  ['dot', 0.7],
  ['cosine', 1],
] as const)('%s: of two data with the same force, the one ahead weighs more', async (tilt, gain) => {
  const guidance = { kind: 'fk', strengths: [0.5], tilt } as const;
  const [pull] = await pulls({ points: [0], data: [-1, 1], scores: [0.7, 0.7], h: 1, guidance });
  expect(pull).toBeCloseTo(Math.tanh(0.5 * gain), 6);
});

test('a bandwidth that is not guided is as it was', async () => {
  const scores = DATA.map(() => 5);
  const common = { points: POINTS, data: DATA, scores, h: 0.3 };
  const guidance = { kind: 'fi', strengths: [0], tilt: 'residual' } as const;
  expect(await pulls({ ...common, guidance })).toEqual(await pulls(common));
});

test('far from all data forces push nothing away', async () => {
  const common = { points: [6], data: DATA, scores: DATA.map(() => 50), h: 0.3 };
  const [plain] = await pulls(common);
  const [mixed] = await pulls({ ...common, guidance: { kind: 'fi', strengths: [1], tilt: 'residual' } });
  expect(Math.abs(mixed! - plain!)).toBeLessThan(0.02 * Math.abs(plain!));
});
