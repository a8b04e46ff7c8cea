/** The plane that a molecule's distributions are compared in: what a specification asks for, and what fits by itself. */
import { describe, expect, test } from 'vitest';
import { collectivePoints } from '../../analysis/coordinates/collective-variables.ts';
import type { MoleculeSpecification } from '../../specification/settings.ts';
import { applyBeads, beadTopology, mapBeads } from '../../systems/beads.ts';
import { alanineDipeptide } from '../../systems/molecule.test-support.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { chainFrames, chainTopology, smallMolecularSpecification } from '../small-molecule.test-support.ts';
import { moleculePlane } from './molecule-plane.ts';

/** With every default filled in. */
const planeOf = (plane: object) => {
  const { system } = smallMolecularSpecification([{ structure: 'a.pdb', trajectories: [] }], { plane });
  return (system as MoleculeSpecification).plane;
};

function chain(beads: number, frames = 50) {
  const names = ['ALA', 'GLY', 'SER', 'VAL', 'LEU'];
  return {
    name: 'chain',
    topology: chainTopology(Array.from({ length: beads }, (_, i) => names[i % names.length]!)),
    data: { dimension: 3 * beads, count: frames, values: chainFrames(beads, frames, 4) },
    pieces: [frames],
  };
}

/** Twenty distorted frames of the beads of alanine dipeptide. */
function dipeptide(beads: string) {
  const { topology, positions } = alanineDipeptide();
  const mapping = mapBeads(topology, beads);
  const next = gaussianSource(1);
  const width = 3 * mapping.beads.length;
  const values = new Float32Array(20 * width);
  for (let frame = 0; frame < 20; frame++) {
    const moved = positions.map((value) => value + 0.02 * next());
    applyBeads(mapping, moved, values.subarray(frame * width, (frame + 1) * width));
  }
  return {
    name: 'dipeptide',
    topology: beadTopology(mapping),
    data: { dimension: width, count: 20, values },
    pieces: [20],
  };
}

describe('what is asked for', () => {
  test('two distances, of beads counted from 1', () => {
    const molecule = chain(4);
    const plane = moleculePlane(planeOf({ kind: 'distances', first: [1, 2], second: [4, 1] }), molecule);
    expect(plane.recipe).toEqual({
      kind: 'distances',
      pairs: [
        [0, 1],
        [3, 0],
      ],
    });
    expect(plane.axes).toEqual([
      { label: 'distance 1–2', unit: 'nm' },
      { label: 'distance 4–1', unit: 'nm' },
    ]);
    expect(plane.periodic).toEqual([false, false]);
  });

  test('two dihedrals, whole turns', () => {
    const plane = moleculePlane(planeOf({ kind: 'dihedrals' }), chain(5));
    expect(plane.recipe).toMatchObject({
      quadruples: [
        [0, 1, 2, 3],
        [1, 2, 3, 4],
      ],
    });
    expect(plane.periodic).toEqual([true, true]);
    expect(plane.limits[0]).toEqual([-Math.PI, Math.PI]);
  });

  test('backbone angles: of the first residue that has both, or of the one that is named', () => {
    const molecule = dipeptide('alanine-dipeptide-5');
    const first = moleculePlane(planeOf({ kind: 'phi-psi' }), molecule);
    expect(first.recipe).toEqual({
      kind: 'dihedrals',
      quadruples: [
        [0, 1, 2, 3],
        [1, 2, 3, 4],
      ],
      names: ['φ', 'ψ'],
    });
    expect(moleculePlane(planeOf({ kind: 'phi-psi', residue: 2 }), molecule)).toEqual(first);
    const atoms = moleculePlane(planeOf({ kind: 'phi-psi' }), dipeptide('all'));
    expect(atoms.recipe).toMatchObject({
      quadruples: [
        [4, 6, 8, 14],
        [6, 8, 14, 16],
      ],
    });
  });

  test.each([
    ['pca', 2, 1],
    ['pca', 3, 2],
    ['pca', 7, 2],
    ['tica', 4, 2],
  ])('%s of %i beads has %i axis or axes', (kind, beads, axes) => {
    const molecule = chain(beads);
    const plane = moleculePlane(planeOf({ kind }), molecule);
    expect(plane.recipe.kind).toBe(kind);
    expect(plane.limits).toHaveLength(axes);
    const points = collectivePoints(plane, { positions: molecule.data.values, frames: 50, atoms: beads });
    for (const [axis, [low, high]] of plane.limits.entries()) {
      for (const value of Array.from(points[axis]!)) expect(value > low && value < high).toBe(true);
    }
  });

  test('slow coordinates know where a trajectory ends', () => {
    // The first distance changes from one trajectory to the next and not within any; the others are noise.
    const lengths = [0.3, 0.9, 0.4, 0.8, 0.5, 0.7];
    const frames = 8 * lengths.length;
    const next = gaussianSource(5);
    const values = Float32Array.from({ length: 9 * frames }, () => 0.02 * next());
    for (let frame = 0; frame < frames; frame++) {
      const length = lengths[Math.floor(frame / 8)]!;
      values[9 * frame + 3] = values[9 * frame]! + length;
      values[9 * frame + 6] = values[9 * frame + 3]! + 0.4;
    }
    const molecule = { ...chain(3), data: { dimension: 9, count: frames, values } };
    const slowness = (pieces: number[]) => {
      const { recipe } = moleculePlane(planeOf({ kind: 'tica', lag: 7 }), { ...molecule, pieces });
      if (recipe.kind !== 'tica') throw new Error(recipe.kind);
      return recipe.model.eigenvalues[0]!;
    };
    expect(slowness(lengths.map(() => 8))).toBeGreaterThan(0.95);
    expect(slowness([frames])).toBeLessThan(0.5);
  });

  test.each([
    [{ kind: 'distances', first: [1, 5] }, 'names the beads 1, 5; it must name 2 different beads, from 1 to 4'],
    [{ kind: 'distances', second: [2, 2] }, 'names the beads 2, 2; it must name 2 different beads'],
    [{ kind: 'distances', first: [1] }, 'names the beads 1; it must name 2'],
    [{ kind: 'dihedrals' }, 'names the beads 2, 3, 4, 5; it must name 4 different beads, from 1 to 4'],
    [{ kind: 'phi-psi' }, 'No residue of `chain` has both backbone angles among its beads'],
    [{ kind: 'phi-psi', residue: 3 }, 'Residue 3 of `chain` does not have both backbone angles'],
    [{ kind: 'tica', lag: 50 }, '`system.plane.lag` is 50, but no trajectory has more than 50 frames.'],
  ])('%j of four Cα beads is a sentence', (plane, words) => {
    expect(() => moleculePlane(planeOf(plane), chain(4))).toThrow(words);
  });

  test('what does not vary is a sentence', () => {
    const molecule = chain(3);
    const values = molecule.data.values.map((_, i) => molecule.data.values[i % 9]!);
    const stiff = { ...molecule, data: { ...molecule.data, values } };
    for (const kind of ['distances', 'pca', 'tica']) {
      expect(() => moleculePlane(planeOf({ kind }), stiff)).toThrow(/vary/);
    }
  });
});

describe('what fits by itself', () => {
  const automatic = (molecule: Parameters<typeof moleculePlane>[1]) =>
    moleculePlane(planeOf({ kind: 'auto' }), molecule).recipe;

  test('backbone angles, the slow coordinates of a chain, or else its widest ones', () => {
    expect(automatic(dipeptide('heavy'))).toMatchObject({ kind: 'dihedrals', names: ['φ', 'ψ'] });
    expect(automatic(chain(6, 101)).kind).toBe('tica');
    // Too short for their lag, too few beads, or no chain of Cα.
    expect(automatic(chain(6, 100)).kind).toBe('pca');
    expect(automatic({ ...chain(6, 300), pieces: Array(30).fill(10) }).kind).toBe('pca');
    expect(automatic(chain(5, 101)).kind).toBe('pca');
    expect(automatic(dipeptide('.C or .O')).kind).toBe('pca');
  });

  test('of two residues the angles beside the bond between them', () => {
    const names = ['N', 'CA', 'C', 'N', 'CA', 'C'];
    const molecule = chain(6);
    const topology = {
      ...molecule.topology,
      atoms: molecule.topology.atoms.map((atom, i) => ({ ...atom, name: names[i]!, residue: i < 3 ? 0 : 1 })),
      residues: molecule.topology.residues.slice(0, 2),
    };
    expect(automatic({ ...molecule, topology })).toMatchObject({
      quadruples: [
        [0, 1, 2, 3],
        [2, 3, 4, 5],
      ],
    });
  });

  test('a long chain is described by a few hundred distances', () => {
    const recipe = automatic(chain(120, 120));
    if (recipe.kind !== 'tica' || recipe.model.features.kind !== 'distances') throw new Error(recipe.kind);
    expect(recipe.model.features.pairs.length).toBeLessThanOrEqual(300);
    expect(recipe.model.features.pairs.length).toBeGreaterThan(200);
  });
});
