import { describe, expect, test } from 'vitest';
import { exactDensity } from '../../systems/toys/exact-density.test-support.ts';
import { columns, generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import type { ToySystem } from '../../systems/toys/toy-system.ts';
import { toySystem, toySystems } from '../../systems/toys/toy-systems.ts';
import { blockAverages } from './block-averages.ts';
import { histogram, innerCounts } from './histogram.ts';

describe.each(toySystems)('$name', (system) => {
  test.each(['baoab', 'langevin'] as const)(
    'a long %s simulation has the exact density within statistics',
    (integrator) => {
      // A bin coarse enough to be visited often, fine enough to see the wells and the barrier.
      const bins = system.dimension === 1 ? 16 : 8;
      const exact = exactDensity(system, bins);
      const points = columns(generateTrajectory(system, { seed: 11, integrator, samples: 60_000 }));
      const blocks = 20;
      const size = 60_000 / blocks;
      const perBlock = Array.from({ length: blocks }, (_, block) =>
        innerCounts(
          histogram(
            points.map((values) => values.slice(block * size, (block + 1) * size)),
            { limits: system.window, bins },
          ),
        ),
      );
      let compared = 0;
      exact.probability.forEach((probability, cell) => {
        if (probability < 0.01) return;
        const measured = blockAverages(
          perBlock.map((counts) => counts[cell]! / size),
          blocks,
        );
        // The first-order error of the leapfrog form adds a few per cent where the potential is stiff.
        const allowed = 5 * measured.standardError + (integrator === 'langevin' ? 0.04 * probability : 0);
        expect(Math.abs(measured.mean - probability)).toBeLessThan(allowed);
        compared++;
      });
      expect(compared).toBeGreaterThan(8);
    },
  );
});

test('a harmonic well has the variance kT / k', () => {
  const harmonic: ToySystem = {
    ...toySystem('double-well-1d'),
    kT: 2,
    energy: (x) => 2 * x[0]! ** 2,
    force: (x, out) => {
      out[0] = -4 * x[0]!;
    },
  };
  const [x] = columns(generateTrajectory(harmonic, { seed: 3, samples: 50_000 }));
  const squares = blockAverages(
    x!.map((value) => value * value),
    50,
  );
  expect(Math.abs(squares.mean - 0.5)).toBeLessThan(4 * squares.standardError);
  expect(squares.standardError).toBeLessThan(0.01);
});
