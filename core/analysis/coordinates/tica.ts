/**
 * Time-lagged independent components (Molgedey and Schuster, 1994; Pérez-Hernández et al., 2013): the linear
 * combinations of features that stay like themselves the longest. Solves C(τ) v = λ C(0) v with both directions of time
 * counted, so that λ is real and a component decays as exp(−t / timescale) with timescale = −τ / ln λ.
 * Coordinates have mean 0 and variance 1; they have no unit. The model is plain data.
 */
import { ErgodicError } from '../../errors.ts';
import { symmetricEigen } from '../../symmetric-eigen.ts';
import type { Conformations } from '../geometry/conformations.ts';
import { LaggedCovariance, type LaggedCovarianceResult } from './covariance.ts';
import { type FeatureRecipe, featureCount, featurePieces } from './features.ts';
import { type LinearProjection, withSign } from './linear-projection.ts';

export interface IndependentComponents extends LinearProjection {
  /** Autocorrelation of each component after the lag, largest first. */
  readonly eigenvalues: readonly number[];
  /** Directions of the features that vary enough to be told from rounding. */
  readonly rank: number;
}

export interface TicaModel extends IndependentComponents {
  readonly kind: 'tica';
  readonly features: FeatureRecipe;
  /** Frames. */
  readonly lag: number;
}

/** Directions with less than this fraction of the largest variance, all features scaled to variance 1, do not count. */
const RANK_CUTOFF = 1e-8;

export function independentComponents(
  { mean, covariance, lagged }: LaggedCovarianceResult,
  count: number,
): IndependentComponents {
  const size = mean.length;
  const whitening = whiten(covariance, size);
  const rank = whitening.length;
  if (rank === 0) throw new ErgodicError('The features do not vary, so there is nothing to find in them.');
  const turned = new Float64Array(rank * rank);
  whitening.forEach((left, i) => {
    const product = times(lagged, left);
    for (let j = 0; j <= i; j++) turned[i * rank + j] = dot(product, whitening[j]!);
  });
  const { values, vectors } = symmetricEigen(turned, rank);
  const components = vectors.slice(0, count).map((vector) => {
    const component = new Float64Array(size);
    whitening.forEach((row, k) => {
      for (let i = 0; i < size; i++) component[i]! += vector[k]! * row[i]!;
    });
    return withSign(component, covariance);
  });
  return { mean: [...mean], components, eigenvalues: [...values.subarray(0, count)], rank };
}

/** Rows W with W C Wᵀ = 1, one for each direction in which the features vary. */
function whiten(covariance: Float64Array, size: number): Float64Array[] {
  const perDeviation = Float64Array.from({ length: size }, (_, i) => {
    const variance = covariance[i * size + i]!;
    return variance > 0 ? 1 / Math.sqrt(variance) : 0;
  });
  const correlation = covariance.map(
    (value, at) => value * perDeviation[Math.floor(at / size)]! * perDeviation[at % size]!,
  );
  const { values, vectors } = symmetricEigen(correlation, size);
  return vectors.flatMap((vector, k) => {
    if (!(values[k]! > RANK_CUTOFF * values[0]!)) return [];
    const scale = 1 / Math.sqrt(values[k]!);
    return [vector.map((value, i) => value * scale * perDeviation[i]!)];
  });
}

const times = (matrix: Float64Array, vector: Float64Array): Float64Array =>
  vector.map((_, i) => dot(matrix.subarray(i * vector.length, (i + 1) * vector.length), vector));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

export class TicaFit {
  readonly #features: FeatureRecipe;
  readonly #lag: number;
  readonly #covariance: LaggedCovariance;

  /** `lag` in frames. */
  constructor(features: FeatureRecipe, lag: number) {
    this.#features = features;
    this.#lag = lag;
    this.#covariance = new LaggedCovariance(featureCount(features), lag);
  }

  /** The next frames of the trajectory. */
  add(all: Conformations): void {
    for (const rows of featurePieces(this.#features, all)) this.#covariance.add(rows);
  }

  /** What follows is another trajectory. */
  endTrajectory(): void {
    this.#covariance.endTrajectory();
  }

  result(components = 10): TicaModel {
    const found = independentComponents(this.#covariance.result(), components);
    return { kind: 'tica', features: this.#features, lag: this.#lag, ...found };
  }
}
