import { expect, test } from 'vitest';
import { columns, generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { toyPlane } from '../free-energy/plane.ts';
import { noiseFloor } from './noise-floor.ts';

test('two true Müller–Brown simulations differ by the published floor of 0.090', { tags: ['full'] }, () => {
  const system = toySystem('mueller-brown');
  const run = (seed: number) => columns(generateTrajectory(system, { seed, integrator: 'langevin' }));
  const floor = noiseFloor(run(1), run(2), toyPlane(system));
  // Over 28 pairs of seeds: 0.080 to 0.094.
  expect(floor.pmf).toBeGreaterThan(0.075);
  expect(floor.pmf).toBeLessThan(0.1);
});
