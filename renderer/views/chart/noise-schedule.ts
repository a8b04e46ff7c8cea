/**
 * How much noise there is at a diffusion time, for drawing: β(t) = 0.1 + 19.9 t, σ² = 1 − m² with log m = −¼ t²·19.9 −
 * ½ t·0.1 (the process that the models learn, core/diffusion/process.ts, on which its test holds it). No units.
 */

const BETA_0 = 0.1;
const BETA_1 = 20;

/** −log m(t). */
const decay = (t: number): number => t * ((t * (BETA_1 - BETA_0)) / 4 + BETA_0 / 2);

/** σ(t): how much of what is seen at t is noise. */
export const noiseAt = (t: number): number => Math.sqrt(-Math.expm1(-2 * decay(t)));

/** m²/σ². */
export const signalToNoiseAt = (t: number): number => 1 / Math.expm1(2 * decay(t));
