import { describe, expect, it } from 'vitest';
import { evaluated, numbers, run } from '../models/evaluated.test-support.ts';
import { initialValues } from '../models/parameters.ts';
import type { Energy } from '../models/score-model.ts';
import { scheduleInputs } from '../optimiser/schedule.ts';
import { add, constant, log, mul, normal, slice, uniform } from '../program/primitives.ts';
import { trace } from '../program/program.ts';
import { type Expert, expertModel } from './expert.ts';
import { exactResidual, squaredResidual } from './fokker-planck.ts';
import { gaugeOf, gaugeParameters, gaugeSteps, inGauge, withGauge } from './gauge.ts';
import { gaussianEnergy } from './gaussian-model.test-support.ts';
import { termsOf } from './loss-terms.ts';
import { noised, variance } from './process.ts';
import { trainingStep } from './training-step.ts';

const MEAN = [0.4, -0.3];
const right = gaussianEnergy([2], MEAN, 0.1);
/** The density is right at every t, but E is off by a function of t that grows steeply towards t = 0. */
const offset: Energy = (x, t) => add(right(x, t), add(mul(log(add(variance(t), 3e-3)), 4), mul(t, 7)));
const range = [1e-5, 0.1] as const;
const SIZE = gaugeParameters[0]!.shape[0]!;

/** Measures the gauge as training does, on draws of the Gaussian. */
async function measuredGauge(energy: Energy, steps: number, samples: number) {
  // A network of one weight, and the gauge behind it.
  const vector = { shape: [1 + SIZE], state: true };
  const specs = { parameters: vector, average: vector, gradientMean: vector, gradientSquare: vector };
  const program = trace('gauge', specs, (inputs) => {
    const { parameters, average, gradientMean, gradientSquare } = inputs;
    const state = { parameters, average, gradientMean, gradientSquare };
    const t = add(mul(uniform([], 1), range[1] - range[0]), range[0]);
    const x = noised(add(mul(normal([2], 2), 0.1), constant(MEAN, [2])), normal([2], 3), t);
    const gauge = gaugeOf({ 'gauge.rate': slice(parameters, 0, 1, 1 + SIZE) }, range);
    const residual = inGauge(exactResidual(energy, x, t), gauge.rateAt(t));
    return { state: withGauge(state, state, gauge.sharesAt(t), residual, constant(1)) };
  });
  const zero = new Float64Array(1 + SIZE);
  const given = { parameters: zero, average: zero, gradientMean: zero, gradientSquare: zero };
  return (await run(program, given, { samples, steps, seed: 5 })).parameters!.subarray(1);
}

/** R beside the gauge, and the score, at a time for several x. */
async function residualsAt(energy: Energy, rates: Float64Array, t: number, x = numbers(2 * 5, 9)) {
  const given = {
    x: { shape: [2], values: x, perSample: true },
    t: { shape: [], values: [t] },
    rates: { shape: [SIZE], values: rates },
  };
  const outputs = await evaluated(
    given,
    (inputs) => {
      const found = exactResidual(energy, inputs.x, inputs.t);
      const beside = inGauge(found, gaugeOf({ 'gauge.rate': inputs.rates }, range).rateAt(inputs.t));
      return {
        plain: found.estimates[0]!,
        beside: beside.estimates[0]!,
        score: beside.score,
        square: squaredResidual(beside),
      };
    },
    { samples: x.length / 2 },
  );
  return outputs as Record<'plain' | 'beside' | 'score' | 'square', Float64Array>;
}

const TIMES = [2e-5, 1e-3, 0.01, 0.05, 0.099];

describe('the gauge', () => {
  it('is all that is wrong with a right density whose energy has an offset in t, and is taken out', async () => {
    const rates = await measuredGauge(offset, 300, 64);
    for (const t of TIMES) {
      const { plain, beside, score } = await residualsAt(offset, rates, t);
      const size = Math.abs(plain[0]!);
      expect(size).toBeGreaterThan(5);
      // The same for all x: no spread.
      for (const value of plain) expect(Math.abs(value - plain[0]!)).toBeLessThan(1e-6 * size);
      // What is left: a straight line between nodes against a curve.
      for (const value of beside) expect(Math.abs(value)).toBeLessThan(0.05 * size);
      const exact = await residualsAt(right, rates, t);
      expect(Array.from(score)).toEqual(Array.from(exact.score, (s) => expect.closeTo(s, 9)));
    }
  });

  it('leaves alone what depends on x', async () => {
    const scaled: Energy = (x, t) => mul(offset(x, t), 1.3);
    const rates = await measuredGauge(scaled, 300, 64);
    const { plain, beside } = await residualsAt(scaled, rates, 0.03);
    const spread = (values: Float64Array) => Math.max(...values) - Math.min(...values);
    expect(spread(beside)).toBeGreaterThan(1);
    expect(spread(beside)).toBeCloseTo(spread(plain), 9);
  });
});

const expert: Expert = {
  range: [0, 1],
  network: { kind: 'mlp', dimension: 2, widths: [16] } as Expert['network'],
  conservative: true,
  midpoint: 0.3,
  alpha: 1e-3,
  alphaFrom: 0,
  residual: 'exact',
  gauge: 'fitted',
  probes: 2,
};

describe('training with a gauge', () => {
  const samples = 32;
  const train = async (own: Expert, steps: number, names: readonly string[], measures: boolean) => {
    const { layout } = expertModel(own);
    const parameters = Float64Array.from(initialValues(layout, 3));
    const zero = new Float64Array(layout.size);
    const terms = termsOf(own).filter(({ name }) => names.includes(name));
    const outputs = await run(
      trainingStep(own, undefined, terms, measures),
      {
        ...{ parameters, average: parameters, gradientMean: zero, gradientSquare: zero },
        x0: Array.from({ length: steps }, (_, k) => [...numbers(samples * 2, k)]).flat(),
        ...scheduleInputs(0, steps, steps),
        inverseSamples: [1 / samples],
      },
      { samples, steps, seed: 1 },
    );
    return { outputs, size: layout.size };
  };

  it('measures it beside steps that learn what they would have learned without', async () => {
    const plain = await train({ ...expert, gauge: 'none' }, 40, ['denoising'], false);
    const measuring = await train(expert, 40, ['denoising'], true);
    expect(measuring.size).toBe(plain.size + SIZE);
    const learned = measuring.outputs.parameters!.subarray(0, plain.size);
    expect(Array.from(learned)).toEqual(Array.from(plain.outputs.parameters!, (w) => expect.closeTo(w, 9)));
    const rates = measuring.outputs.parameters!.subarray(plain.size);
    expect(rates.filter((rate) => Math.abs(rate) > 1e-3).length).toBeGreaterThan(SIZE / 2);
    // The stored model has the gauge as measured, not its moving average from zero.
    expect(Array.from(measuring.outputs.average!.subarray(plain.size))).toEqual(Array.from(rates));
  });

  it('has less of a Fokker–Planck loss than training without', async () => {
    const last = async (own: Expert) => {
      const { outputs } = await train(own, 60, ['denoising', 'fokkerPlanck'], own.gauge === 'fitted');
      return outputs.fokkerPlanck!.slice(-20).reduce((a, b) => a + b, 0);
    };
    expect(await last(expert)).toBeLessThan(0.7 * (await last({ ...expert, gauge: 'none' })));
  });

  it('takes a twentieth of the steps to measure it first, and no more than 500', () => {
    expect([40, 1000, 140_580].map(gaugeSteps)).toEqual([2, 50, 500]);
  });
});
