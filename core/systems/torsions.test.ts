import { describe, expect, it } from 'vitest';
import { allTorsions, torsionsOf } from './torsions.ts';

describe('rotatable torsions', () => {
  it('of a chain without bonds are those of consecutive beads, and the smaller side turns', () => {
    expect(torsionsOf({ beads: 3, bonds: [] })).toEqual([]);
    expect(torsionsOf({ beads: 4, bonds: [] })).toEqual([{ atoms: [0, 1, 2, 3], moved: [3] }]);
    expect(torsionsOf({ beads: 6, bonds: [] })).toEqual([
      { atoms: [3, 2, 1, 0], moved: [0] },
      { atoms: [1, 2, 3, 4], moved: [4, 5] },
      { atoms: [2, 3, 4, 5], moved: [5] },
    ]);
  });

  it('have the lowest neighbours at their ends, whatever order the bonds have', () => {
    // A side chain of two beads at bead 2 of a chain of five.
    const bonds = [
      [5, 6],
      [2, 5],
      [3, 4],
      [2, 3],
      [1, 2],
      [0, 1],
    ] as const;
    const torsions = torsionsOf({ beads: 7, bonds });
    expect(torsions).toEqual([
      { atoms: [3, 2, 1, 0], moved: [0] },
      { atoms: [1, 2, 3, 4], moved: [4] },
      { atoms: [1, 2, 5, 6], moved: [6] },
    ]);
    expect(torsionsOf({ beads: 7, bonds: bonds.toReversed() })).toEqual(torsions);
  });

  it('are not in rings; the bond from one ring to another turns a whole ring', () => {
    const ring = [
      [0, 1],
      [1, 2],
      [0, 2],
    ] as const;
    expect(torsionsOf({ beads: 3, bonds: ring })).toEqual([]);
    const two = [...ring, [2, 3], [3, 4], [4, 5], [5, 6], [3, 6]] as const;
    expect(torsionsOf({ beads: 7, bonds: two })).toEqual([{ atoms: [4, 3, 2, 0], moved: [0, 1] }]);
  });

  it('leave out beads that are not bonded to it', () => {
    const bonds = [
      [0, 1],
      [1, 2],
      [2, 3],
      [4, 5],
    ] as const;
    expect(torsionsOf({ beads: 7, bonds })).toEqual([{ atoms: [0, 1, 2, 3], moved: [3] }]);
  });
});

describe('all torsions', () => {
  it('are every bonded quadruple once, rings included, and never return to a bead', () => {
    expect(allTorsions({ beads: 5, bonds: [] })).toEqual([
      [0, 1, 2, 3],
      [1, 2, 3, 4],
    ]);
    const square = [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ] as const;
    expect(allTorsions({ beads: 4, bonds: square })).toEqual([
      [3, 0, 1, 2],
      [1, 0, 3, 2],
      [0, 1, 2, 3],
      [1, 2, 3, 0],
    ]);
    const triangle = [
      [0, 1],
      [1, 2],
      [0, 2],
    ] as const;
    expect(allTorsions({ beads: 3, bonds: triangle })).toEqual([]);
    const branched = [
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
    ] as const;
    expect(allTorsions({ beads: 5, bonds: branched })).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 4],
    ]);
  });
});
