/**
 * How many independent draws the frames of all replicas are worth for the mean of a quantity, two ways. From correlation
 * in time: frames / (2 τ), with the integrated autocorrelation time τ = ½ + Σ ρ(k) in frames, ρ about the mean of all
 * replicas (Geyer's initial monotone sequence ends the sum). From the replicas: their number times the variance of a value
 * over that of a replica's mean. The smaller counts. It cannot know of basins that no replica has visited.
 */
import { autocovariance } from './autocovariance.ts';

export interface EffectiveSampleSize {
  /** The smaller of the two; at most the number of frames. */
  readonly size: number;
  /** 2 τ, frames of a replica per independent draw. */
  readonly framesPerDraw: number;
  readonly fromCorrelation: number;
  /** Undefined for few replicas: the variance of so few means says little. */
  readonly fromReplicas?: number;
}

const FEWEST_REPLICAS = 5;

/** One series for each replica, all finite; those without a frame do not count. */
export function effectiveSampleSize(all: readonly ArrayLike<number>[]): EffectiveSampleSize {
  const replicas = all.filter(({ length }) => length > 0);
  const count = replicas.reduce((sum, { length }) => sum + length, 0);
  const means = replicas.map(meanOf);
  const mean = replicas.reduce((sum, { length }, i) => sum + (length / count) * means[i]!, 0);
  const covariance = autocovariance(replicas, mean);
  const variance = covariance[0] ?? 0;
  // What never changes says nothing about how often it was drawn.
  if (!(variance > 0)) return { size: count, framesPerDraw: 1, fromCorrelation: count };
  const framesPerDraw = Math.max(1, inefficiency(covariance));
  const fromCorrelation = count / framesPerDraw;
  if (replicas.length < FEWEST_REPLICAS) return { size: fromCorrelation, framesPerDraw, fromCorrelation };
  const between = replicas.reduce((sum, { length }, i) => sum + (length / count) * (means[i]! - mean) ** 2, 0);
  const varianceOfMeans = (between * replicas.length) / (replicas.length - 1);
  const fromReplicas = Math.min(count, (replicas.length * variance) / varianceOfMeans);
  return { size: Math.min(fromCorrelation, fromReplicas), framesPerDraw, fromCorrelation, fromReplicas };
}

/** Of an angle in rad, which has no mean: of its cosine and its sine, and the smaller counts. */
export function effectiveSampleSizeOfAngle(replicas: readonly ArrayLike<number>[]): EffectiveSampleSize {
  const [cosine, sine] = [Math.cos, Math.sin].map((f) =>
    effectiveSampleSize(replicas.map((series) => Float64Array.from(series, f))),
  );
  return cosine!.size < sine!.size ? cosine! : sine!;
}

/** 1 + 2 Σ ρ(k). Sums of neighbours ρ(2m) + ρ(2m + 1) are positive and fall for a reversible process; noise ends them. */
function inefficiency(covariance: Float64Array): number {
  let sum = -covariance[0]!;
  let last = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag < covariance.length; lag += 2) {
    const pair = covariance[lag]! + (covariance[lag + 1] ?? 0);
    if (pair <= 0) break;
    last = Math.min(last, pair);
    sum += 2 * last;
  }
  return sum / covariance[0]!;
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}
