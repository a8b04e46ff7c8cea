import { describe, expect, it } from 'vitest';
import { evaluated, numbers, relativeError, run } from '../models/evaluated.test-support.ts';
import type { NetworkSpec } from '../models/networks.ts';
import { flatGradient, initialValues, split } from '../models/parameters.ts';
import { defaultOptimiser } from '../optimiser/optimiser.ts';
import { scheduleInputs } from '../optimiser/schedule.ts';
import { add, mul, sumOverSamples } from '../program/primitives.ts';
import { type Expert, expertModel } from './expert.ts';
import { equalWeights, sampleLoss, trainingInterval } from './objective.ts';
import { trainingStep } from './training-step.ts';

describe('the training weight', () => {
  it('has half of its total on either side of the midpoint, and mean 1', () => {
    for (const [range, midpoint] of [
      [[0, 1], 0.3],
      [[0, 0.1], 0.03],
      [[0.1, 0.6], 0.35],
    ] as const) {
      const [low, high] = trainingInterval(range);
      const { left, right } = equalWeights([low, high], midpoint);
      expect((left * (midpoint - low)) / (high - low)).toBeCloseTo(0.5, 14);
      expect((right * (high - midpoint)) / (high - low)).toBeCloseTo(0.5, 14);
    }
    expect(() => equalWeights([0.1, 0.6], 0.7)).toThrow('0.7');
  });

  it('is drawn over the interval, widened downward at an inner boundary only', () => {
    expect(trainingInterval([0, 0.1])).toEqual([1e-5, 0.1]);
    expect(trainingInterval([0.1, 0.6])).toEqual([0.099, 0.6]);
  });
});

const mlp = (dimension: number, width: number): NetworkSpec => ({ kind: 'mlp', dimension, widths: [width, width] });
const transformer = (hidden: number): NetworkSpec => ({
  ...{ kind: 'graph-transformer', beads: 3, hidden, layers: 2, heads: 2 },
  headWidth: hidden === 16 ? 4 : 8,
});

const base: Omit<Expert, 'network'> = {
  range: [0, 1],
  conservative: true,
  alpha: 0,
  residual: 'exact',
  midpoint: 0.3,
};

const CASES: [string, Expert][] = [
  ...[3, 4, 8, 16].flatMap((width): [string, Expert][] => [
    [`MLP of width ${width}`, { ...base, network: mlp(2, width) }],
    [`MLP of width ${width}, exact residual`, { ...base, network: mlp(2, width), alpha: 0.02 }],
    [`MLP of width ${width}, weak residual`, { ...base, network: mlp(2, width), alpha: 0.02, residual: 'weak' }],
  ]),
  ['MLP in 5 dimensions, probes', { ...base, network: mlp(5, 8), alpha: 0.02 }],
  ['MLP as a score, late expert', { ...base, network: mlp(2, 8), conservative: false, range: [0.1, 1] }],
  ...[6, 8, 16].flatMap((hidden): [string, Expert][] => [
    [`transformer of hidden ${hidden}`, { ...base, network: transformer(hidden) }],
    [`transformer of hidden ${hidden}, exact residual`, { ...base, network: transformer(hidden), alpha: 0.02 }],
  ]),
  ['transformer, weak residual', { ...base, network: transformer(8), alpha: 0.02, residual: 'weak' }],
  ['transformer as a score', { ...base, network: transformer(8), conservative: false, range: [0.1, 1] }],
];

describe('the gradient of the loss with respect to the parameters', () => {
  for (const [name, expert] of CASES) {
    // The widest are slow.
    const set = /\b16\b|transformer of hidden 8/.test(name) ? { tags: ['full'] } : {};
    it(`is what differences say: ${name}`, set, async () => {
      const { shape, layout, fieldOf } = expertModel(expert);
      const samples = 2;
      const size = shape.reduce((a, b) => a * b, 1);
      const start = Float64Array.from(initialValues(layout, 5), (value, i) => value || 0.2 * numbers(1, i)[0]!);
      const x0 = { shape, values: numbers(samples * size, 6), perSample: true };
      const at = (values: Float64Array, withGradient: boolean) =>
        evaluated(
          { p: { shape: [layout.size], values }, x0 },
          (inputs) => {
            const parts = split(layout, inputs.p);
            const own = sampleLoss(fieldOf(parts), inputs.x0, expert);
            const loss = sumOverSamples(
              own.fokkerPlanck ? add(own.denoising!, mul(own.fokkerPlanck, expert.alpha!)) : own.denoising!,
            );
            return { loss, ...(withGradient ? { gradient: flatGradient(loss, layout, parts) } : {}) };
          },
          { samples, seed: 11 },
        );
      const { gradient } = await at(start, true);
      // Along two directions that touch every parameter, and along a single one.
      const single = [0.71].map((part) => {
        const only = Math.floor(part * layout.size);
        return start.map((_, i) => (i === only ? 1 : 0));
      });
      const directions = [numbers(layout.size, 1), numbers(layout.size, 2), ...single];
      const h = 1e-4;
      const expected: number[] = [];
      const found: number[] = [];
      for (const d of directions) {
        const along = async (shift: number) =>
          (
            await at(
              start.map((p, i) => p + shift * d[i]!),
              false,
            )
          ).loss![0]!;
        const [a, b, c, e] = [await along(-2 * h), await along(-h), await along(h), await along(2 * h)] as const;
        expected.push((a - 8 * b + 8 * c - e) / (12 * h));
        found.push(gradient!.reduce((total, g, i) => total + g * d[i]!, 0));
      }
      expect(relativeError(found, expected)).toBeLessThan(expert.residual === 'weak' ? 1e-4 : 1e-6);
      expect(Math.max(...expected.map(Math.abs))).toBeGreaterThan(1e-3);
    });
  }
});

describe('a training step', () => {
  const expert: Expert = { ...base, network: mlp(2, 8), alpha: 1e-3 };
  const { layout } = expertModel(expert);
  const samples = 32;
  const start = () => {
    const parameters = initialValues(layout, 2);
    return {
      ...{ parameters, average: parameters },
      gradientMean: new Float64Array(layout.size),
      gradientSquare: new Float64Array(layout.size),
    };
  };
  const data = (steps: number) => numbers(steps * samples * 2, 8).map((value, i) => 0.3 * value + (i % 2 ? 1 : -1));
  const rate = { first: 1e-2, last: 1e-3 };
  const train = (
    from: number,
    steps: number,
    state: Record<string, ArrayLike<number>>,
    x0 = data(steps),
    optimiser = defaultOptimiser,
  ) =>
    run(
      trainingStep(expert, optimiser),
      { ...state, x0, ...scheduleInputs(from, steps, 100, rate), inverseSamples: [1 / samples] },
      { samples, steps, firstStep: from, seed: 4 },
    );

  it('lowers the loss, whose parts add up', async () => {
    const { loss, denoising, fokkerPlanck, accepted } = await train(0, 100, start());
    const mean = (values: Float64Array) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(loss!.slice(80))).toBeLessThan(0.7 * mean(loss!.slice(0, 10)));
    expect(accepted!.every((flag) => flag === 1)).toBe(true);
    loss!.forEach((value, i) => {
      expect(value).toBeCloseTo(denoising![i]! + 1e-3 * fokkerPlanck![i]!, 12);
    });
  });

  it('goes on after a cut to the very same numbers', async () => {
    const whole = await train(0, 4, start(), data(4));
    const head = await train(0, 2, start(), data(4).slice(0, 2 * samples * 2));
    const { parameters, average, gradientMean, gradientSquare } = head as Record<string, Float64Array>;
    const carried = { ...{ parameters, average }, ...{ gradientMean, gradientSquare } } as Record<string, Float64Array>;
    const tail = await train(2, 2, carried, data(4).slice(2 * samples * 2));
    expect(tail.parameters).toEqual(whole.parameters);
    expect(tail.average).toEqual(whole.average);
  });

  it('is AdamW at its first step: the sign of the gradient times the learning rate', async () => {
    const before = start();
    const { parameters, average, gradientMean } = await train(0, 1, before);
    let moved = 0;
    parameters!.forEach((value, i) => {
      const change = value - before.parameters[i]! * (1 - 1e-2 * 1e-4);
      if (Math.abs(gradientMean![i]!) > 1e-5) {
        expect(change).toBeCloseTo(-1e-2 * Math.sign(gradientMean![i]!), 5);
        moved++;
      }
      expect(average![i]).toBeCloseTo(0.995 * before.parameters[i]! + 0.005 * value, 12);
    });
    expect(moved).toBeGreaterThan(layout.size / 2);
  });

  it('shortens a gradient of many usual lengths to three of them, and leaves its direction', async () => {
    const before = await train(0, 20, start());
    const known = Object.fromEntries(Object.keys(start()).map((name) => [name, before[name]!]));
    // As if all gradients so far had been a hundred times shorter.
    const state = { ...known, gradientSquare: before.gradientSquare!.map((value) => value * 1e-4) };
    const gradientAfter = async (clipLength: number) => {
      const { gradientMean } = await train(20, 1, state, data(1), { ...defaultOptimiser, clipLength });
      return gradientMean!.map((value, i) => (value - 0.9 * known.gradientMean![i]!) / 0.1);
    };
    const length = (v: Float64Array) => Math.hypot(...v);
    const free = await gradientAfter(1e6);
    const held = await gradientAfter(3);
    const usual = Math.sqrt(state.gradientSquare.reduce((a, b) => a + b, 0) / (1 - 0.999 ** 20));
    expect(length(free)).toBeGreaterThan(30 * usual);
    expect(length(held) / usual).toBeCloseTo(3, 6);
    expect(held.reduce((dot, g, i) => dot + g * free[i]!, 0) / length(held) / length(free)).toBeCloseTo(1, 9);
    // An ordinary one is not touched.
    const ordinary = (clipLength: number) =>
      train(20, 1, known, data(1), { ...defaultOptimiser, clipLength }).then(({ parameters }) => parameters);
    expect(await ordinary(3)).toEqual(await ordinary(1e6));
  });

  it('with a loss that is not finite changes nothing, says so, and the next one works again', async () => {
    const broken = data(2);
    broken[5] = Number.NaN;
    const before = start();
    const one = await train(0, 1, before, broken.slice(0, samples * 2));
    expect(one.accepted![0]).toBe(0);
    expect(one.loss![0]).toBeNaN();
    for (const name of ['parameters', 'average', 'gradientMean', 'gradientSquare'] as const) {
      expect(one[name]).toEqual(Float64Array.from(before[name]));
    }
    const two = await train(0, 2, before, broken);
    expect([...two.accepted!]).toEqual([0, 1]);
    expect(two.parameters!.every(Number.isFinite)).toBe(true);
    expect(two.parameters).not.toEqual(one.parameters);
  });
});
