import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations } from '../geometry/conformations.ts';
import { dihedrals } from '../geometry/dihedrals.ts';
import {
  type CollectiveVariables,
  collectivePlane,
  collectivePoints,
  collectiveVariables,
} from './collective-variables.ts';
import { collectiveVariablesSchema } from './collective-variables-schema.ts';
import { beadDistances, type FeatureRecipe, featureCount, features } from './features.ts';
import { project } from './linear-projection.ts';
import { PcaFit } from './pca.ts';
import { TicaFit } from './tica.ts';

const next = gaussianSource(3);
const reference = conformations(
  Float32Array.from({ length: 500 * 18 }, () => 0.2 * next()),
  6,
);
const other = conformations(
  Float32Array.from({ length: 50 * 18 }, () => 0.3 * next()),
  6,
);
const bins = { pmfBins: 64, jsBins: 50 };
const QUADRUPLES = [
  [0, 1, 2, 3],
  [1, 2, 3, 4],
] as const;

const pca = new PcaFit(beadDistances(6));
pca.add(reference);
const tica = new TicaFit({ kind: 'dihedrals', quadruples: QUADRUPLES }, 2);
tica.add(reference);

const planes: Record<string, CollectiveVariables> = {
  dihedrals: collectiveVariables({ kind: 'dihedrals', quadruples: QUADRUPLES, names: ['φ', 'ψ'] }, reference),
  distances: collectiveVariables({ kind: 'distances', pairs: [[0, 5]] }, reference),
  pca: collectiveVariables({ kind: 'pca', model: pca.result() }, reference),
  tica: collectiveVariables({ kind: 'tica', model: tica.result() }, reference),
};

test('angles span a whole turn, everything else the reference and 5 % more at each end', () => {
  expect(collectivePlane(planes.dihedrals!, bins)).toEqual({
    limits: [
      [-Math.PI, Math.PI],
      [-Math.PI, Math.PI],
    ],
    periodic: [true, true],
    ...bins,
  });
  for (const name of ['distances', 'pca', 'tica']) {
    const { limits, periodic } = planes[name]!;
    collectivePoints(planes[name]!, reference).forEach((values, axis) => {
      const [low, high] = [Math.min(...Array.from(values)), Math.max(...Array.from(values))];
      expect(limits[axis]![0]).toBeCloseTo(low - 0.05 * (high - low), 12);
      expect(limits[axis]![1]).toBeCloseTo(high + 0.05 * (high - low), 12);
    });
    expect(periodic.some(Boolean)).toBe(false);
  }
});

test('axes have names and units', () => {
  expect(Object.values(planes).map(({ axes }) => axes)).toEqual([
    [
      { label: 'φ', unit: 'rad' },
      { label: 'ψ', unit: 'rad' },
    ],
    [{ label: 'distance 1–6', unit: 'nm' }],
    [
      { label: 'PC 1', unit: 'nm' },
      { label: 'PC 2', unit: 'nm' },
    ],
    [{ label: 'TIC 1' }, { label: 'TIC 2' }],
  ]);
});

test('points are those of what the recipe names', () => {
  expect(collectivePoints(planes.dihedrals!, other)).toEqual(dihedrals(other, QUADRUPLES));
  expect(collectivePoints(planes.pca!, other)).toEqual(project(pca.result(), other, 2));
});

describe.each(Object.entries(planes))('saved %s', (_, variables) => {
  const text = JSON.stringify(variables);

  test('come back as they were', () => {
    const read = collectiveVariablesSchema.parse(JSON.parse(text));
    expect(read).toEqual(variables);
    expect(collectivePoints(read, other)).toEqual(collectivePoints(variables, other));
  });

  test('are refused when damaged', () => {
    const damage = (change: (value: { limits: unknown[]; recipe: Record<string, unknown> }) => void) => {
      const value = JSON.parse(text);
      change(value);
      return collectiveVariablesSchema.safeParse(value).success;
    };
    expect(damage(({ limits }) => limits.pop())).toBe(false);
    expect(damage(({ limits }) => limits.fill([1, 1]))).toBe(false);
    expect(
      damage(({ recipe }) => {
        recipe.kind = 'else';
      }),
    ).toBe(false);
    expect(
      damage(({ recipe }) => {
        const model = recipe.model as { mean: unknown[] } | undefined;
        if (model) model.mean.pop();
        else recipe.pairs = recipe.quadruples = [];
      }),
    ).toBe(false);
  });
});

test('aligned coordinates do not see how a molecule lies, and see how it is bent', () => {
  const recipe: FeatureRecipe = { kind: 'aligned', reference: [...reference.positions.subarray(0, 18)] };
  expect(featureCount(recipe)).toBe(18);
  const frame = Array.from(reference.positions.subarray(0, 18));
  // A quarter turn about z, and a shift.
  const turned = frame.map((_, i) => [-frame[i + 1]! + 3, frame[i - 1]! - 1, frame[i]! + 2][i % 3]!);
  const rows = features(recipe, conformations(Float32Array.from([...turned, ...frame.map((x) => 2 * x)]), 6));
  frame.forEach((x, i) => {
    expect(rows[i]).toBeCloseTo(x, 5);
  });
  const centre = [0, 1, 2].map((axis) => frame.reduce((sum, x, i) => sum + (i % 3 === axis ? x / 6 : 0), 0));
  expect(rows[18]).toBeCloseTo(2 * frame[0]! - centre[0]!, 5);
});

test('what does not vary cannot span a plane', () => {
  const still = conformations(
    Float32Array.from({ length: 36 }, (_, i) => i % 18),
    6,
  );
  expect(() => collectiveVariables({ kind: 'distances', pairs: [[0, 1]] }, still)).toThrow(/does not vary/);
  expect(() =>
    collectiveVariables(
      {
        kind: 'distances',
        pairs: [
          [0, 1],
          [1, 2],
          [2, 3],
        ],
      },
      reference,
    ),
  ).toThrow(/one or two axes, not 3/);
});
