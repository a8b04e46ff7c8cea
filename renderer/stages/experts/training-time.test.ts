import { expect, it } from 'vitest';
import { trainingCost } from './training-time.ts';

const expert = (seconds: number, bytes: number) => ({ expert: 0, parameters: 1, secondsPerStep: 1, seconds, bytes });

it('as many experts at once as there are threads', () => {
  const experts = [expert(10, 100), expert(20, 300), expert(5, 200)];
  expect(trainingCost(experts, 1)).toEqual({ seconds: 35, bytes: 300 });
  expect(trainingCost(experts, 2)).toEqual({ seconds: 20, bytes: 500 });
  expect(trainingCost(experts, 8)).toEqual({ seconds: 20, bytes: 600 });
});
