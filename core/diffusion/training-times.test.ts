import { expect, test } from 'vitest';
import { run } from '../models/evaluated.test-support.ts';
import { learningRateInRounds, stepsOfRounds } from '../optimiser/schedule.ts';
import { spread } from '../program/primitives.ts';
import { trace } from '../program/program.ts';
import { logSignalToNoiseAt, varianceAt } from './noise-schedule.ts';
import { type TrainingTimes, trainingTime } from './training-times.ts';

const SAMPLES = 2000;
const FLOOR = 3e-3;

async function drawn(times: TrainingTimes, low: number, high: number): Promise<number[]> {
  const specs = { start: { shape: [], perSample: true }, width: { shape: [] } };
  const program = trace('times', specs, ({ start, width }) => ({
    end: { t: spread(trainingTime(times, [low, high], FLOOR, { start, width })) },
  }));
  const start = Float64Array.from({ length: SAMPLES }, (_, i) => i / SAMPLES);
  const { t } = await run(program, { start, width: [1 / SAMPLES] }, { samples: SAMPLES, seed: 4 });
  return Array.from(t!);
}

/** The largest distance of an empirical distribution from the uniform one on [0, 1]. */
function fromUniform(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(...sorted.map((value, i) => Math.abs(value - (i + 0.5) / sorted.length)));
}

test.each([
  ['uniform', 0.1, 0.6],
  ['mixed', 1e-5, 1],
  ['log-snr', 0.05, 1],
] as const)('%s times stay inside their range', async (times, low, high) => {
  const t = await drawn(times, low, high);
  expect(Math.min(...t)).toBeGreaterThanOrEqual(low * 0.999);
  expect(Math.max(...t)).toBeLessThanOrEqual(high);
});

test('log-snr times are even in λ, and stratified: no gap is larger than two strata', async () => {
  const [low, high] = [0.05, 0.8];
  const [from, to] = [logSignalToNoiseAt(high), logSignalToNoiseAt(low)];
  const along = (await drawn('log-snr', low, high)).map((t) => (logSignalToNoiseAt(t) - from) / (to - from));
  expect(fromUniform(along)).toBeLessThan(2 / SAMPLES);
});

test('mixed times: one half is even in log(σ² + v), the other in t', async () => {
  const t = await drawn('mixed', 1e-5, 1);
  const [from, to] = [1e-5, 1].map((each) => Math.log(varianceAt(each) + FLOOR)) as [number, number];
  const byNoise = t.slice(0, SAMPLES / 2).map((each) => (Math.log(varianceAt(each) + FLOOR) - from) / (to - from));
  expect(fromUniform(byNoise)).toBeLessThan(0.01);
  expect(fromUniform(t.slice(SAMPLES / 2))).toBeLessThan(0.01);
});

test('rounds: the rate falls in each, and each further one doubles the steps', () => {
  const rate = { first: 1e-3, last: 1e-5 };
  expect([1, 2, 3, 4].map((rounds) => stepsOfRounds(100, rounds))).toEqual([100, 200, 400, 800]);
  const at = (step: number) => learningRateInRounds(step, 100, rate);
  const begins = [0, 100, 200, 400];
  for (const [round, begin] of begins.entries()) expect(at(begin)).toBeCloseTo(1e-3 / 2 ** round, 9);
  for (const end of [99, 199, 399, 799]) expect(at(end)).toBeCloseTo(1e-5, 9);
  for (let step = 201; step < 400; step++) expect(at(step)).toBeLessThan(at(step - 1));
});
