/**
 * What a saved collective variable must look like (collective-variables.ts): files come from anywhere, so everything a
 * projection relies on is checked before it is used. Atoms are checked against a molecule when they are used.
 */
import { z } from 'zod';
import type { CollectiveVariables } from './collective-variables.ts';
import { type FeatureRecipe, featureCount } from './features.ts';

const atom = z.int().min(0);
const pair = z.tuple([atom, atom]);
const quadruple = z.tuple([atom, atom, atom, atom]);
const numbers = z.array(z.number());
const names = z.exactOptional(z.array(z.string()));

const featureRecipe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('distances'), pairs: z.array(pair).min(1) }),
  z.strictObject({ kind: z.literal('dihedrals'), quadruples: z.array(quadruple).min(1) }),
  z.strictObject({ kind: z.literal('aligned'), reference: numbers.min(3) }),
]);

const projection = { features: featureRecipe, mean: numbers, components: z.array(numbers).min(1) };

interface Projection {
  readonly features: FeatureRecipe;
  readonly mean: readonly number[];
  readonly components: readonly (readonly number[])[];
}

const fits = ({ features, mean, components }: Projection): boolean =>
  [mean, ...components].every((row) => row.length === featureCount(features));
const MISFIT = 'a mean and components with one number per feature';

const pcaModel = z
  .strictObject({ kind: z.literal('pca'), ...projection, variances: numbers, totalVariance: z.number() })
  .refine(fits, MISFIT);

const ticaModel = z
  .strictObject({
    kind: z.literal('tica'),
    ...projection,
    eigenvalues: numbers,
    rank: z.int().min(1),
    lag: z.int().min(1),
  })
  .refine(fits, MISFIT);

const variableRecipe = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('dihedrals'), quadruples: z.array(quadruple).min(1).max(2), names }),
  z.strictObject({ kind: z.literal('distances'), pairs: z.array(pair).min(1).max(2), names }),
  z.strictObject({ kind: z.literal('pca'), model: pcaModel }),
  z.strictObject({ kind: z.literal('tica'), model: ticaModel }),
]);

const interval = z.tuple([z.number(), z.number()]).refine(([low, high]) => low < high, 'limits that rise');

export const collectiveVariablesSchema = z
  .strictObject({
    recipe: variableRecipe,
    limits: z.array(interval),
    periodic: z.array(z.boolean()),
    axes: z.array(z.strictObject({ label: z.string(), unit: z.exactOptional(z.string()) })),
  })
  .refine(({ recipe, limits, periodic, axes }) => {
    const count =
      recipe.kind === 'dihedrals'
        ? recipe.quadruples.length
        : recipe.kind === 'distances'
          ? recipe.pairs.length
          : Math.min(2, recipe.model.components.length);
    return [limits, periodic, axes].every((list) => list.length === count);
  }, 'limits, periodic and axes with one entry per axis') satisfies z.ZodType<CollectiveVariables>;
