import { describe, expect, it } from 'vitest';
import { run } from '../models/evaluated.test-support.ts';
import type { ScoreModel } from '../models/score-model.ts';
import { gaussianModel } from './gaussian-model.test-support.ts';
import { betaAt, meanFactorAt, varianceAt } from './noise-schedule.ts';
import { TIME_FLOOR } from './process.ts';
import { callsPerStep, furtherState, type Solver, samplingProgram, samplingStart, solvers } from './samplers.ts';
import { samplingPlan, timeGrid } from './sampling-plan.ts';

const MU = 0.8;
const S = 0.5;
const WHOLE = [{ range: [0, 1] as const }];
const EXPERTS = [{ range: [0, 0.1] as const }, { range: [0.1, 0.6] as const }, { range: [0.6, 1] as const }];

/** Runs a whole plan with the same closed-form model for every expert. */
async function sample(
  model: ScoreModel,
  solver: Solver,
  steps: number,
  start: Float64Array,
  samples: number,
  experts = WHOLE,
) {
  let state: Record<string, Float64Array> = { x: start, previous: new Float64Array(start.length) };
  for (const stage of samplingPlan(experts, solver, steps)) {
    const { x, previous } = state;
    const inputs = { ...stage.inputs, x: x!, ...(furtherState(solver).length > 0 ? { previous: previous! } : {}) };
    state = await run(samplingProgram(model, solver), inputs, {
      samples,
      steps: stage.steps,
      firstStep: stage.firstStep,
      seed: 3,
    });
  }
  return state.x!;
}

/**
 * Mean and deviation of what the steps of a plan make of N(0, 1) with the exact score of N(MU, width²): every step is
 * linear in x, in the last data prediction and in fresh noise, so moments follow without a sample.
 */
function stepByStep(solver: Exclude<Solver, 'heun'>, steps: number, width: number) {
  let [mean, variance, priorMean, priorVariance, together] = [0, 1, 0, 0, 0];
  for (const { inputs, steps: count } of samplingPlan(WHOLE, solver, steps)) {
    for (let i = 0; i < count; i++) {
      const at = (name: string) => inputs[name]?.[i] ?? 0;
      const m = meanFactorAt(at('t'));
      const spread = m * m * width * width + varianceAt(at('t'));
      const [slope, level] = [-1 / spread, (m * MU) / spread];
      // Data prediction: fromX · x + constant.
      const fromX = at('dataFromX') + at('dataFromScore') * slope;
      const constant = at('dataFromScore') * level;
      const isEm = solver === 'em';
      const data = at('dataWeight') * (1 + at('history'));
      const a = at('keep') + (isEm ? at('scoreWeight') * slope : data * fromX);
      const b = -at('dataWeight') * at('history');
      const c = isEm ? at('scoreWeight') * level : data * constant;
      const next = a * a * variance + 2 * a * b * together + b * b * priorVariance + at('noiseWeight') ** 2;
      [mean, priorMean] = [a * mean + b * priorMean + c, fromX * mean + constant];
      [together, priorVariance] = [fromX * (a * variance + b * together), fromX * fromX * variance];
      variance = next;
    }
  }
  return { mean, deviation: Math.sqrt(variance) };
}

const startFor = async (shape: number[], samples: number) =>
  (await run(samplingStart(shape), {}, { samples, seed: 3 })).x!;

function moments(x: Float64Array) {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  return { mean, variance: x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length };
}

describe('reverse diffusion with the exact score of a Gaussian', () => {
  const samples = 1500;
  for (const [solver, steps] of [
    ['sde-dpm', 60],
    ['em', 1000],
    ['heun', 30],
    ['dpm', 30],
  ] as const) {
    const set = steps > 100 ? { tags: ['full'] } : {};
    it(`returns its mean and variance: ${solver}, ${steps} steps, one expert or three`, set, async () => {
      const start = await startFor([2], samples);
      for (const experts of [WHOLE, EXPERTS]) {
        const x = await sample(gaussianModel([2], [MU, MU], S), solver, steps, start, samples, experts as typeof WHOLE);
        const { mean, variance } = moments(x);
        expect(Math.abs(mean - MU)).toBeLessThan((4 * S) / Math.sqrt(2 * samples) + 0.01);
        expect(Math.abs(variance / S ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / (2 * samples)) + 0.03);
        if (solver === 'em') break;
      }
    });
  }

  it('gives bonds their width: a direction fifty times narrower than the data', async () => {
    const narrow = 0.02;
    const start = await startFor([2], samples);
    for (const [solver, steps] of [
      ['sde-dpm', 100],
      ['em', 250],
      ['dpm', 50],
    ] as const) {
      const { variance } = moments(await sample(gaussianModel([2], [MU, MU], narrow), solver, steps, start, samples));
      const expected = stepByStep(solver, steps, narrow).deviation;
      // A standard deviation from 2 · 1500 numbers is known to 1.3 %.
      expect(Math.abs(Math.sqrt(variance) / expected - 1), solver).toBeLessThan(4 * 0.013);
      expect(Math.abs(expected / narrow - 1), solver).toBeLessThan(solver === 'em' ? 0.04 : 0.006);
    }
  });

  it('is of second order in the multistep solver of the SDE, and Euler–Maruyama of first, at any width', () => {
    for (const width of [0.5, 0.1, 0.03]) {
      const atEnd = (solver: 'sde-dpm' | 'em', steps: number) => {
        const floor = Math.sqrt(width ** 2 * meanFactorAt(TIME_FLOOR) ** 2 + varianceAt(TIME_FLOOR));
        return stepByStep(solver, steps, width).deviation / floor - 1;
      };
      for (const [solver, order, steps] of [
        ['sde-dpm', 2, 50],
        ['em', 1, 500],
      ] as const) {
        const [coarse, fine] = [atEnd(solver, steps), atEnd(solver, 2 * steps)];
        expect(Math.abs(coarse)).toBeLessThan(0.015);
        expect(Math.abs(Math.log2(coarse / fine) - order), `${solver}, ${width}`).toBeLessThan(0.3);
      }
      expect(Math.abs(stepByStep('sde-dpm', 100, width).mean - MU)).toBeLessThan(1e-4);
    }
  });

  /** The flow's exact map from t = 1 to the end of the grid. */
  const flow = (x: number) => {
    const at = (t: number) => {
      const m = meanFactorAt(t);
      return { centre: m * MU, width: Math.sqrt(m * m * S * S + varianceAt(t)) };
    };
    const [from, to] = [at(1), at(TIME_FLOOR)];
    return to.centre + (to.width / from.width) * (x - from.centre);
  };

  for (const solver of ['heun', 'dpm'] as const) {
    it(`follows the probability flow to second order: ${solver}`, async () => {
      const start = Float64Array.of(-1.3, 0.2, 1.7);
      const errors: number[] = [];
      for (const steps of [40, 80, 160]) {
        const x = await sample(gaussianModel([1], [MU], S), solver, steps, start, 3);
        errors.push(Math.max(...Array.from(x, (value, i) => Math.abs(value - flow(start[i]!)))));
      }
      expect(errors[2]).toBeLessThan(1e-3);
      for (const i of [0, 1]) {
        const order = Math.log2(errors[i]! / errors[i + 1]!);
        expect(order).toBeGreaterThan(1.7);
        expect(order).toBeLessThan(2.6);
      }
    });
  }

  it('keeps the centre of a molecule at the origin, wherever noise put it at the start', async () => {
    const start = await startFor([2, 3], 4);
    const centredStart = start.map((value, i) => (i % 6 < 3 ? value - start[i + 3]! : value - start[i - 3]!) / 2);
    const model = gaussianModel([2, 3], [1, 1, 1, 1, 1, 1], S);
    for (const solver of ['em', 'sde-dpm'] as const) {
      const x = await sample(model, solver, 20, start, 4);
      for (let s = 0; s < 4; s++) {
        for (let axis = 0; axis < 3; axis++) expect(x[s * 6 + axis]! + x[s * 6 + 3 + axis]!).toBeCloseTo(0, 12);
      }
      const without = await sample(model, solver, 20, centredStart, 4);
      expect(Array.from(x)).toEqual(Array.from(without, (value) => expect.closeTo(value, 10)));
    }
  });
});

describe('the sampling plan', () => {
  it('has the boundaries on its grid and no step across one', () => {
    for (const solver of solvers) {
      for (const steps of [3, 20, 1000]) {
        const grid = timeGrid(solver, steps, [0.1, 0.6]);
        expect(grid.length).toBe(steps + 1);
        expect(new Set(grid).size).toBe(steps + 1);
        expect([grid[0], grid.at(-1)]).toEqual([1, TIME_FLOOR]);
        expect(grid).toContain(0.1);
        expect(grid).toContain(0.6);
        expect(grid).toEqual([...grid].sort((a, b) => b - a));
      }
    }
    expect(() => timeGrid('em', 2, [0.1, 0.6])).toThrow('at least as many steps');
  });

  it('hands over from expert to expert, last the one at t = 0, and adds no noise at the very end', () => {
    const plan = samplingPlan(EXPERTS, 'em', 1000);
    expect(plan.map(({ expert }) => expert)).toEqual([2, 1, 0]);
    const counts = plan.map(({ steps }) => steps);
    expect(counts.reduce((a, b) => a + b)).toBe(1000);
    expect(plan.map(({ firstStep }) => firstStep)).toEqual([0, counts[0]!, counts[0]! + counts[1]!]);
    expect(plan[1]!.inputs.t![0]).toBe(0.6);
    expect(plan[2]!.inputs.noiseWeight!.at(-1)).toBe(0);
    expect(plan[2]!.inputs.noiseWeight!.at(-2)).toBeGreaterThan(0);
  });

  it('predicts data from what the same expert predicted before, never from what another did', () => {
    for (const solver of ['dpm', 'sde-dpm'] as const) {
      for (const { inputs } of samplingPlan(EXPERTS, solver, 40)) {
        const history = Array.from(inputs.history!);
        expect(history[0]).toBe(0);
        for (const value of history.slice(1)) expect(value).toBeGreaterThan(0.2);
      }
    }
  });

  it('counts what a solver costs', async () => {
    for (const solver of solvers) {
      let calls = 0;
      const model = gaussianModel([1], [0], 1);
      const counting: ScoreModel = {
        ...model,
        field: (inputs) => {
          const { score } = model.field(inputs);
          return {
            score: (x, t) => {
              calls++;
              return score(x, t);
            },
          };
        },
      };
      samplingProgram(counting, solver);
      expect(calls, solver).toBe(callsPerStep[solver]);
    }
  });

  it('of Euler–Maruyama has steps that shrink with the noise towards the end', () => {
    const grid = timeGrid('em', 1000, []);
    const amounts = grid.slice(0, -1).map((t, i) => (betaAt(t) * (t - grid[i + 1]!)) / varianceAt(t));
    expect(Math.max(...amounts)).toBeLessThan(0.06);
  });
});
