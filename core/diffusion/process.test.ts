import { describe, expect, it } from 'vitest';
import { evaluated } from '../models/evaluated.test-support.ts';
import { learningRateAt, scheduleInputs } from '../optimiser/schedule.ts';
import * as schedule from './noise-schedule.ts';
import * as process from './process.ts';
import { randomRotation } from './rotation.ts';

const TIMES = [1e-5, 1e-3, 0.1, 0.5, 1];

describe('the forward process', () => {
  it('is the same in numbers and in tensors', async () => {
    const t = { shape: [], values: TIMES, perSample: true };
    const out = await evaluated(
      { t },
      (inputs) => ({
        beta: process.beta(inputs.t),
        mean: process.meanFactor(inputs.t),
        variance: process.variance(inputs.t),
      }),
      { samples: TIMES.length },
    );
    TIMES.forEach((time, i) => {
      expect(out.beta![i]).toBeCloseTo(0.1 + 19.9 * time, 12);
      expect(out.mean![i]! / schedule.meanFactorAt(time)).toBeCloseTo(1, 12);
      expect(out.variance![i]! / schedule.varianceAt(time)).toBeCloseTo(1, 12);
      expect(schedule.meanFactorAt(time) ** 2 + schedule.varianceAt(time)).toBeCloseTo(1, 12);
      expect(schedule.signalToNoiseAt(time) / Math.exp(2 * schedule.logSignalToNoiseAt(time))).toBeCloseTo(1, 12);
      expect(schedule.timeOfLogSignalToNoise(schedule.logSignalToNoiseAt(time)) / time).toBeCloseTo(1, 10);
    });
  });

  it('keeps its variance to float32 precision at t = 1e-5, where 1 − m² would be wrong by a per cent', () => {
    const f = Math.fround;
    const t = f(1e-5);
    const a = f(t * f(f(t * f(4.975)) + f(0.05)));
    const h = f(Math.tanh(a));
    const single = f(f(2 * h) * f(1 / f(1 + h)));
    expect(single / schedule.varianceAt(t)).toBeCloseTo(1, 6);
    expect(Math.abs(f(1 - f(Math.exp(-2 * a))) / schedule.varianceAt(t) - 1)).toBeGreaterThan(0.01);
  });

  it('is the solution of its differential equation: d log m/dt = −½β', () => {
    for (const t of [0.05, 0.4, 0.9]) {
      const slope = (Math.log(schedule.meanFactorAt(t + 1e-5)) - Math.log(schedule.meanFactorAt(t - 1e-5))) / 2e-5;
      expect(slope).toBeCloseTo(-0.5 * schedule.betaAt(t), 6);
    }
  });
});

describe('random rotations', () => {
  it('are orthogonal, do not reflect, and turn a vector anywhere', async () => {
    const samples = 2000;
    const { r } = await evaluated({}, () => ({ r: randomRotation(3) }), { samples });
    const means = new Float64Array(9);
    for (let s = 0; s < samples; s++) {
      const [a, b, c, d, e, f, g, h, i] = r!.subarray(9 * s, 9 * s + 9) as unknown as [
        ...[number, number, number, number, number],
        ...[number, number, number, number],
      ];
      expect(a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)).toBeCloseTo(1, 12);
      expect(a * d + b * e + c * f).toBeCloseTo(0, 12);
      expect(a * a + b * b + c * c).toBeCloseTo(1, 12);
      r!.subarray(9 * s, 9 * s + 9).forEach((value, k) => {
        means[k]! += value / samples;
      });
    }
    for (const mean of means) expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(3 * samples));
  });
});

describe('the learning rate', () => {
  it('falls along a cosine from 3e-4 to 1e-5', () => {
    expect(learningRateAt(0, 101)).toBeCloseTo(3e-4, 12);
    expect(learningRateAt(50, 101)).toBeCloseTo(1.55e-4, 12);
    expect(learningRateAt(100, 101)).toBeCloseTo(1e-5, 12);
    expect(learningRateAt(500, 101)).toBeCloseTo(1e-5, 12);
  });

  it('is the same whether a run is cut into calls or not', () => {
    const whole = scheduleInputs(0, 10, 10);
    const tail = scheduleInputs(6, 4, 10);
    expect(tail.learningRate).toEqual(whole.learningRate.slice(6));
    expect(tail.squareCorrection).toEqual(whole.squareCorrection.slice(6));
    expect(whole.meanCorrection[0]).toBeCloseTo(10, 10);
  });
});
