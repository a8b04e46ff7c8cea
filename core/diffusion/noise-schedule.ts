/**
 * The noise schedule of method §2 for numbers (float64), with its constants: how much of the data is left at a diffusion
 * time and how much is noise. t ∈ [0, 1] without unit. Depends on nothing, so that windows draw what models learn from.
 * The same for tensors is in process.ts.
 */

export const BETA_0 = 0.1;
export const BETA_1 = 20;
/** −log m(t) = QUADRATIC t² + LINEAR t. */
export const QUADRATIC = (BETA_1 - BETA_0) / 4;
export const LINEAR = BETA_0 / 2;

const decayAt = (t: number): number => t * (t * QUADRATIC + LINEAR);

export const betaAt = (t: number): number => BETA_0 + (BETA_1 - BETA_0) * t;
export const meanFactorAt = (t: number): number => Math.exp(-decayAt(t));
export const varianceAt = (t: number): number => -Math.expm1(-2 * decayAt(t));
export const deviationAt = (t: number): number => Math.sqrt(varianceAt(t));
/** m²/σ². */
export const signalToNoiseAt = (t: number): number => 1 / Math.expm1(2 * decayAt(t));
/** λ = log(m/σ), half the logarithm of the signal-to-noise ratio; falls with t. */
export const logSignalToNoiseAt = (t: number): number => -0.5 * Math.log(Math.expm1(2 * decayAt(t)));
/** The t at which log(m/σ) has this value. */
export function timeOfLogSignalToNoise(lambda: number): number {
  const a = 0.5 * Math.log1p(Math.exp(-2 * lambda));
  return (2 * a) / (LINEAR + Math.sqrt(LINEAR * LINEAR + 4 * QUADRATIC * a));
}
