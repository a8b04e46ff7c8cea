/**
 * Coordinates that are linear in features: what PCA and TICA have in common. Plain data. The sign of a component is free,
 * so it is fixed by a rule: the feature that correlates with it most strongly rises with it.
 */
import { ErgodicError } from '../../errors.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { type FeatureRecipe, featureCount, featurePieces } from './features.ts';

export interface LinearProjection {
  /** Of each feature. */
  readonly mean: readonly number[];
  /** Most important first; one number per feature. */
  readonly components: readonly (readonly number[])[];
}

/** One array per component over the rows; NaN where a row is NaN. */
export function projectRows({ mean, components }: LinearProjection, rows: ArrayLike<number>): Float64Array[] {
  const size = mean.length;
  const count = rows.length / size;
  return components.map((component) => {
    const weights = Float64Array.from(component);
    const centre = Float64Array.from(mean);
    const values = new Float64Array(count);
    for (let row = 0, at = 0; row < count; row++) {
      let sum = 0;
      for (let k = 0; k < size; k++, at++) sum += weights[k]! * (rows[at]! - centre[k]!);
      values[row] = sum;
    }
    return values;
  });
}

/** The first `count` coordinates of conformations. */
export function project(
  model: LinearProjection & { readonly features: FeatureRecipe },
  all: Conformations,
  count: number = model.components.length,
): Float64Array[] {
  if (featureCount(model.features) !== model.mean.length || count > model.components.length) {
    throw new ErgodicError(
      `A projection of ${model.mean.length} features on ${model.components.length} components cannot take ` +
        `${featureCount(model.features)} features to ${count}.`,
    );
  }
  const used = { mean: model.mean, components: model.components.slice(0, count) };
  const projected = used.components.map(() => new Float64Array(all.frames));
  let start = 0;
  for (const rows of featurePieces(model.features, all)) {
    for (const [component, values] of projectRows(used, rows).entries()) projected[component]!.set(values, start);
    start += rows.length / model.mean.length;
  }
  return projected;
}

/** The component or its opposite, by the rule. */
export function withSign(component: Float64Array, covariance: Float64Array): number[] {
  const size = component.length;
  let strongest = 0;
  for (let i = 0; i < size; i++) {
    let product = 0;
    for (let j = 0; j < size; j++) product += covariance[i * size + j]! * component[j]!;
    const deviation = Math.sqrt(covariance[i * size + i]!);
    const correlation = deviation > 0 ? product / deviation : 0;
    // Clearly stronger, so that rounding does not choose between equals.
    if (Math.abs(correlation) > Math.abs(strongest) * (1 + 1e-9)) strongest = correlation;
  }
  return Array.from(component, (value) => (strongest < 0 ? -value : value));
}
