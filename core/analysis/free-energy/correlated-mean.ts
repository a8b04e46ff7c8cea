/**
 * Mean of a correlated series with its standard error, from the autocorrelation: the statistical inefficiency
 * g = 1 + 2 Σ ρ(k) counts frames per independent frame, and the error is √(var · g / N).
 * The sum runs to the first lag k ≥ 5 g, Sokal's window, beyond which it would add only noise. Lags in frames.
 */
import { ErgodicError } from '../../errors.ts';

export interface CorrelatedMean {
  readonly mean: number;
  readonly standardError: number;
  /** g, frames per independent frame; 1 for uncorrelated data. */
  readonly inefficiency: number;
}

const WINDOW = 5;

export function correlatedMean(series: ArrayLike<number>): CorrelatedMean {
  const size = series.length;
  if (size < 2) throw new ErgodicError('The error of a mean needs at least two values.');
  let mean = 0;
  for (let i = 0; i < size; i++) mean += series[i]! / size;
  const centred = Float64Array.from(series, (value) => value - mean);
  const variance = covariance(centred, 0);
  let inefficiency = 1;
  if (variance > 0) {
    for (let lag = 1; lag < size && lag < WINDOW * inefficiency; lag++) {
      inefficiency += (2 * covariance(centred, lag)) / variance;
    }
  }
  inefficiency = Math.max(inefficiency, 1 / size);
  return { mean, standardError: Math.sqrt((variance * inefficiency) / size), inefficiency };
}

function covariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += centred[i]! * centred[i - lag]!;
  return sum / centred.length;
}
