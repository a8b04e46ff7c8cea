import { describe, expect, test } from 'vitest';
import { gradients } from '../program/differentiate.ts';
import { constant, neg } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { sizeOf } from '../program/tensor.ts';
import type { ConformationStatistics } from './conformation-statistics.ts';
import { evaluated, numbers, numbersFor, relativeError } from './evaluated.test-support.ts';
import { modeEnergy } from './mode-energy.ts';
import { type NetworkKind, type NetworkSpec, networkOf } from './networks.ts';
import type { ParameterSpec } from './parameters.ts';

const RANGE = [0, 1] as const;
const specOf = (kind: NetworkKind): NetworkSpec => networkOf({ kind }).gradcheck.spec(6);
const specs: readonly (readonly [string, NetworkSpec])[] = [
  ['invariant', specOf('invariant')],
  ['invariant with modes', { ...specOf('invariant'), modes: 4, chiralModes: 3 } as NetworkSpec],
  ['invariant with radial functions', { ...specOf('invariant'), radial: 3 } as NetworkSpec],
  ['invariant with additive functions', { ...specOf('invariant'), additive: 5 } as NetworkSpec],
  ['modes', specOf('modes')],
  ['local', specOf('local')],
  ['local-shape', specOf('local-shape')],
];

/** Energies of configurations at m² = 0.64, σ² = 0.36. */
async function energies(spec: NetworkSpec, positions: readonly ArrayLike<number>[], together: boolean) {
  const network = networkOf(spec);
  const parameters = network.parameters(spec, RANGE, 'energy');
  const weights = Object.fromEntries(parameters.map(({ name, shape }, i) => [name, numbersFor(shape, i + 3)]));
  const beads = network.sizeOf(spec).shape[0]!;
  const noise = ({ m, v }: Record<string, Tensor>) => ({ mean: m!, variance: v! });
  const scalars = {
    m: { shape: [], values: [0.8] },
    v: { shape: [], values: [0.36] },
    t: { shape: [], values: [0.3] },
  };
  if (together) {
    const xs = { shape: [positions.length, beads, 3], values: positions.flatMap((x) => Array.from(x)) };
    const { e } = await evaluated({ ...weights, ...scalars, xs }, (all: Record<string, Tensor>) => ({
      e: network.energies!(spec, RANGE, all, { xs: all.xs!, t: all.t!, noise: noise(all) }),
    }));
    return Array.from(e!);
  }
  const found: number[] = [];
  for (const x of positions) {
    const given = { ...weights, ...scalars, x: { shape: [beads, 3], values: x } };
    const { e } = await evaluated(given, (all: Record<string, Tensor>) => ({
      e: network.evaluate(spec, RANGE, 'energy', all, { x: all.x!, t: all.t!, noise: noise(all) }),
    }));
    found.push(e![0]!);
  }
  return found;
}

const x = numbers(15, 2);
const centredRows = (values: ArrayLike<number>) => {
  const beads = values.length / 3;
  const mean = [0, 1, 2].map((axis) => Array.from(values).reduce((s, v, i) => s + (i % 3 === axis ? v / beads : 0), 0));
  return Float64Array.from(values, (value, i) => value - mean[i % 3]!);
};
const centred = centredRows(x);
/** About two axes. */
const rotated = Float64Array.from({ length: 15 }, (_, i) => {
  const bead = 3 * Math.floor(i / 3);
  const [a, b, c] = [centred[bead]!, centred[bead + 1]!, centred[bead + 2]!];
  const [p, q] = [0.6 * a - 0.8 * b, 0.8 * a + 0.6 * b];
  return [p, 0.28 * q - 0.96 * c, 0.96 * q + 0.28 * c][i % 3]!;
});
const mirrored = centred.map((value, i) => (i % 3 === 0 ? -value : value));

describe.each(specs)('%s', (_, spec) => {
  test('a rotation changes nothing, the mirror image is another configuration', async () => {
    const [own, turned, image] = (await energies(spec, [centred, rotated, mirrored], false)) as [
      number,
      number,
      number,
    ];
    expect(turned).toBeCloseTo(own, 9);
    expect(Math.abs(image - own)).toBeGreaterThan(1e-3);
  });

  test('several configurations at once have the energies that they have alone', async () => {
    const all = [centred, mirrored, centredRows(numbers(15, 7))];
    const [alone, together] = [await energies(spec, all, false), await energies(spec, all, true)];
    expect(relativeError(together, alone)).toBeLessThan(1e-12);
  });
});

test('the invariant energy sees modes and determinants where they are asked for, and has the parameters of before otherwise', () => {
  const spec = specOf('invariant');
  const inputs = (given: object) =>
    networkOf(spec).parameters({ ...spec, ...given } as NetworkSpec, RANGE, 'energy')[0]!.shape[0]!;
  expect(inputs({ modes: 0, chiralModes: 0 })).toBe(inputs({}));
  // Ten scalar products of four modes, and one determinant of three.
  expect(inputs({ modes: 4, chiralModes: 3 })).toBe(inputs({}) + 11);
});

test('without its network, the mode energy has the exact score of a Gaussian chain at any noise level', async () => {
  const beads = 4;
  const spec = modeEnergy.gradcheck.spec(4);
  const vectors = Array.from({ length: beads * (beads - 1) }, (_, at) => {
    const [bead, mode] = [Math.floor(at / (beads - 1)), at % (beads - 1)];
    return Math.sqrt(2 / beads) * Math.cos(((mode + 1) * (bead + 0.5) * Math.PI) / beads);
  });
  const variances = [1.3, 0.4, 0.02];
  const statistics: ConformationStatistics = { ...spec.statistics, beads, shape: { vectors, variances } };
  const own = { ...spec, statistics, modes: 3, chiralModes: 3 };
  const zero = ({ name, shape }: ParameterSpec) => [name, { shape, values: new Float64Array(sizeOf(shape)) }] as const;
  const weights = Object.fromEntries(modeEnergy.parameters(own).map(zero));
  const values = centredRows(numbers(3 * beads, 5));
  const [m, v] = [0.9, 0.19];
  const given = { ...weights, x: { shape: [beads, 3], values } };
  const { score } = await evaluated(given, (all: Record<string, Tensor>) => {
    const at = all.x!;
    const noise = { mean: constant(m), variance: constant(v) };
    return {
      score: neg(gradients(modeEnergy.evaluate(own, RANGE, 'energy', all, { x: at, t: noise.mean, noise }), [at])[0]!),
    };
  });
  // −Σ⁻¹ x with Σ = m² C + σ² in each mode.
  const expected = Float64Array.from({ length: 3 * beads }, (_, i) => {
    const [bead, axis] = [Math.floor(i / 3), i % 3];
    return -variances.reduce((sum, c, k) => {
      const along = (b: number) => vectors[b * (beads - 1) + k]!;
      const amplitude = [0, 1, 2, 3].reduce((total, b) => total + along(b) * values[3 * b + axis]!, 0);
      return sum + (along(bead) * amplitude) / (m * m * c + v);
    }, 0);
  });
  expect(relativeError(score!, expected)).toBeLessThan(1e-12);
});
