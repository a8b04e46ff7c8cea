import { describe, expect, it } from 'vitest';
import { run } from '../models/evaluated.test-support.ts';
import type { ScoreModel } from '../models/score-model.ts';
import { gaussianModel } from './gaussian-model.test-support.ts';
import { meanFactorAt, varianceAt } from './noise-schedule.ts';
import { TIME_FLOOR } from './process.ts';
import { type Solver, samplingProgram, samplingStart } from './samplers.ts';
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
    const inputs = { ...stage.inputs, x: x!, ...(solver === 'dpm' ? { previous: previous! } : {}) };
    state = await run(samplingProgram(model, solver), inputs, {
      samples,
      steps: stage.steps,
      firstStep: stage.firstStep,
      seed: 3,
    });
  }
  return state.x!;
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

  it('keeps the centre of a molecule at the origin', async () => {
    const start = await startFor([2, 3], 4);
    const x = await sample(gaussianModel([2, 3], [1, 1, 1, 1, 1, 1], S), 'em', 20, start, 4);
    for (let s = 0; s < 4; s++) {
      for (let axis = 0; axis < 3; axis++) expect(x[s * 6 + axis]! + x[s * 6 + 3 + axis]!).toBeCloseTo(0, 12);
    }
  });
});

describe('the sampling plan', () => {
  it('has the boundaries on its grid and no step across one', () => {
    for (const solver of ['em', 'heun', 'dpm'] as const) {
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
    expect(plan.map(({ steps }) => steps)).toEqual([400, 500, 100]);
    expect(plan.map(({ firstStep }) => firstStep)).toEqual([0, 400, 900]);
    expect(plan[1]!.inputs.t![0]).toBe(0.6);
    expect(plan[2]!.inputs.noiseWeight!.at(-1)).toBe(0);
    expect(plan[2]!.inputs.noiseWeight!.at(-2)).toBeGreaterThan(0);
  });
});
