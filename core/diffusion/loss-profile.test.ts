import { expect, test } from 'vitest';
import { referenceEngine } from '../engines/reference/reference.ts';
import type { ScoreModel } from '../models/score-model.ts';
import { add, div, mul, neg } from '../program/primitives.ts';
import { lossProfile, natsBetween, profileGrid } from './loss-profile.ts';
import { meanFactor, variance } from './process.ts';

/** The exact score of a Gaussian of a variance, centred at the origin. */
const gaussian = (own: number): ScoreModel => ({
  shape: [2],
  inputs: {},
  field: () => ({
    score: (x, t) => neg(div(x, add(mul(mul(meanFactor(t), meanFactor(t)), own), variance(t)))),
  }),
});

async function profileOf(model: ScoreModel, t: readonly number[], x0: Float64Array): Promise<number[]> {
  const engine = referenceEngine();
  const program = await engine.compile(lossProfile(model));
  const samples = x0.length / 2;
  const { loss } = await program.run({
    samples,
    steps: t.length,
    seed: 3,
    inputs: { x0, t: Float64Array.from(t), inverseSamples: [1 / samples] },
  });
  return Array.from(loss!);
}

test('the profiles of two Gaussians differ by their Kullback–Leibler divergence', async () => {
  const { lambda, t } = profileGrid(120);
  const samples = 4000;
  // Points of a standard normal in two dimensions, evenly in its quantiles, so that moments are right.
  const x0 = Float64Array.from({ length: 2 * samples }, (_, i) => {
    const radius = Math.sqrt(-2 * Math.log((Math.floor(i / 2) + 0.5) / samples));
    const angle = 2 * Math.PI * ((Math.floor(i / 2) * 0.618034) % 1);
    return radius * (i % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  const [truth, wide] = await Promise.all([1, 2].map((own) => profileOf(gaussian(own), t, x0)));
  const nats = natsBetween(lambda, truth!, wide!).reduce((sum, each) => sum + each, 0);
  // Of N(0, 1) from N(0, 2), twice: ½ (1/2 − 1 + ln 2) for each dimension.
  expect(nats).toBeCloseTo(1 / 2 - 1 + Math.log(2), 2);
});
