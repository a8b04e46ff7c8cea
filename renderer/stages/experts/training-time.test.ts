import { expect, it } from 'vitest';
import { trainingCost } from './training-time.ts';

const network = (seconds: number, bytes: number) => ({ network: 0, parameters: 1, secondsPerStep: 1, seconds, bytes });

it('as many networks at once as there are threads', () => {
  const networks = [network(10, 100), network(20, 300), network(5, 200)];
  expect(trainingCost(networks, 1)).toEqual({ seconds: 35, bytes: 300 });
  expect(trainingCost(networks, 2)).toEqual({ seconds: 20, bytes: 500 });
  expect(trainingCost(networks, 8)).toEqual({ seconds: 20, bytes: 600 });
});
