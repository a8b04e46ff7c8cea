import { expect, test } from 'vitest';
import { generateTrajectory } from './generate-trajectory.ts';
import { toySystem } from './toy-systems.ts';

test('the same seed gives the same trajectory, another seed another', () => {
  const system = toySystem('mueller-brown');
  const run = (seed: number) => generateTrajectory(system, { seed, samples: 50 }).positions;
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('a time step that is too long is an error, not a trajectory of NaN', () => {
  const wild = { ...toySystem('mueller-brown'), timeStep: 0.2 };
  expect(() => generateTrajectory(wild, { seed: 1, samples: 100 })).toThrow(/time step of 0.2 is too long/);
});
