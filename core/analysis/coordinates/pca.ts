/**
 * Principal components: the directions along which features vary most. Fitted piece by piece; the model is plain data.
 * Coordinates are in the unit of the features.
 */

import { symmetricEigen } from '../../symmetric-eigen.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { Covariance, type CovarianceResult } from './covariance.ts';
import { type FeatureRecipe, featureCount, featurePieces } from './features.ts';
import { type LinearProjection, withSign } from './linear-projection.ts';

export interface PrincipalComponents extends LinearProjection {
  /** Along each component, in the squared unit of the features. */
  readonly variances: readonly number[];
  /** Along all there are. */
  readonly totalVariance: number;
}

export interface PcaModel extends PrincipalComponents {
  readonly kind: 'pca';
  readonly features: FeatureRecipe;
}

export function principalComponents({ mean, covariance }: CovarianceResult, count: number): PrincipalComponents {
  const { values, vectors } = symmetricEigen(covariance, mean.length);
  return {
    mean: [...mean],
    components: vectors.slice(0, count).map((vector) => withSign(vector, covariance)),
    variances: Array.from(values.subarray(0, count), (value) => Math.max(0, value)),
    totalVariance: mean.reduce((sum, _, k) => sum + covariance[k * mean.length + k]!, 0),
  };
}

export class PcaFit {
  readonly #features: FeatureRecipe;
  readonly #covariance: Covariance;

  constructor(features: FeatureRecipe) {
    this.#features = features;
    this.#covariance = new Covariance(featureCount(features));
  }

  add(all: Conformations): void {
    for (const rows of featurePieces(this.#features, all)) this.#covariance.add(rows);
  }

  result(components = 10): PcaModel {
    return { kind: 'pca', features: this.#features, ...principalComponents(this.#covariance.result(), components) };
  }
}
