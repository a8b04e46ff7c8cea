/** How a part of a chain turns about a bond. */
import { describe, expect, it } from 'vitest';
import { distances } from '../analysis/geometry/distances.ts';
import { chainOf, chainPositions, torsionAngles } from '../dynamics/chain.test-support.ts';
import { concat, reshape } from '../program/primitives.ts';
import { torsionsOf } from '../systems/torsions.ts';
import { evaluated } from './evaluated.test-support.ts';
import { rowOfBeads, turnedTogether } from './turns.ts';

const torsionsIn = (beads: number) => torsionsOf({ beads, bonds: [] });
/** From −π to π. */
const wrapped = (angle: number) => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

describe('a turn', () => {
  it('adds its angle to the dihedral of its bond, and changes no other dihedral, bond or angle', async () => {
    const beads = 6;
    const start = chainPositions(beads, (i) => [0.5, -1.2, 2.8][i]!);
    for (const [at, torsion] of torsionsIn(beads).entries()) {
      const given = { x: { shape: [beads, 3], values: start }, angle: { shape: [], values: [0.7] } };
      const { after } = await evaluated(given, ({ x, angle }) => {
        const after = turnedTogether(rowOfBeads(x), [torsion], () => reshape(angle, [1, 1]));
        return {
          after: concat(
            after.map((values) => reshape(values, [beads, 1])),
            1,
          ),
        };
      });
      const [before, found] = [torsionAngles(start, beads), torsionAngles(after!, beads)];
      before.forEach((angle, i) => {
        expect(wrapped(found[i]![0]! - angle[0]! - (i === at ? 0.7 : 0))).toBeCloseTo(0, 10);
      });
      const near = Array.from({ length: beads }, (_, i) => [1, 2].map((step) => [i, i + step] as const)).flat();
      const pairs = near.filter(([, j]) => j < beads);
      distances(chainOf(after!, beads), pairs).forEach((found, i) => {
        expect(found[0]).toBeCloseTo(distances(chainOf(start, beads), pairs)[i]![0]!, 10);
      });
    }
  });
});
