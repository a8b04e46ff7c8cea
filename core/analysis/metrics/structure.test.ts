/** The measures of structure on chains of four atoms whose bonds, angles and torsion are known. */
import { describe, expect, test } from 'vitest';
import type { Bond, Topology } from '../../systems/topology.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { type Conformations, conformations, sliceFrames } from '../geometry/conformations.ts';
import { aboveFloor } from './equal-count.ts';
import { structureDifference } from './structure-difference.ts';
import { structureAgainst } from './structure-quality.ts';
import { structureParts, structureSummary } from './structure-summary.ts';

const bonds: readonly Bond[] = [
  [0, 1],
  [1, 2],
  [2, 3],
];
const topology: Topology = {
  atoms: ['C', 'C', 'C', 'O'].map((element, serial) => ({ name: element, element, serial, residue: 0 })),
  residues: [],
  chains: [],
  bonds,
};

interface Kind {
  readonly seed: number;
  readonly frames?: number;
  /** Of the last bond, nm. */
  readonly length?: number;
  readonly width?: number;
  /** Degrees. */
  readonly torsion?: number;
}

/** Two right angles; the first two bonds are 0.15 ± 0.003 nm and the torsion varies by 8°. */
function chains({ seed, frames = 4000, length = 0.14, width = 0.003, torsion = 65 }: Kind): Conformations {
  const next = gaussianSource(seed);
  const rows = Array.from({ length: frames }, () => {
    const [a, b, c] = [0.15 + 0.003 * next(), 0.15 + 0.003 * next(), length + width * next()];
    const turned = ((torsion + 8 * next()) * Math.PI) / 180;
    return [0, a, 0, 0, 0, 0, b, 0, 0, b, c * Math.cos(turned), c * Math.sin(turned)];
  });
  return conformations(Float32Array.from(rows.flat()), 4);
}

const mirrored = ({ positions, atoms }: Conformations): Conformations =>
  conformations(
    Float32Array.from(positions, (value, i) => (i % 3 === 2 ? -value : value)),
    atoms,
  );

function difference(model: Conformations, reference: Conformations) {
  const parts = structureParts(topology, reference);
  return structureDifference(structureSummary(model, parts), structureSummary(reference, parts));
}

describe('between two sets', () => {
  const reference = chains({ seed: 1 });

  test('a set differs from itself in nothing', () => {
    expect(difference(reference, reference)).toEqual({
      distances: [0, 0, 0, 0],
      byKind: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      pooledW2: 0,
      pairW2: 0,
      bondMeans: 0,
      bondWidths: 1,
      within30: 1,
      within50: 1,
      torsions: 0,
    });
  });

  test('distances do not tell a molecule from its mirror image; torsions do', () => {
    const found = difference(mirrored(reference), reference);
    expect([...found.distances, found.pairW2, found.pooledW2, found.bondMeans]).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(found.torsions).toBeCloseTo(Math.LN2, 3);
  });

  test('a bond that is 1.2 pm too long and half as wide: a third of it in the mean over the bonds', () => {
    const found = difference(chains({ seed: 2, length: 0.1412, width: 0.0015 }), reference);
    expect(found.bondMeans).toBeGreaterThan(0.0004);
    expect(found.bondMeans).toBeLessThan(0.0005);
    expect(found.bondWidths).toBeCloseTo(2.5 / 3, 1);
    // Pairs of C and O alone have changed.
    const [ofCarbon, ofOxygen] = found.byKind;
    expect(ofOxygen![1]).toBeGreaterThan(5 * ofCarbon![1]!);
  });

  test('exchanged atoms show in each distance and not in all together', () => {
    const swapped = conformations(reference.positions.slice(), 4);
    // First and last atoms change names in half the frames, and all distances among four atoms stay the same set.
    for (let frame = 0; frame < swapped.frames; frame += 2) {
      const own = [3, 2, 1, 0].flatMap((atom) => [...swapped.positions.subarray(12 * frame + 3 * atom).slice(0, 3)]);
      swapped.positions.set(own, 12 * frame);
    }
    const found = difference(swapped, reference);
    expect(found.distances).toEqual([0, 0, 0, 0]);
    expect(found.pooledW2).toBeLessThan(2e-5);
    expect(found.pairW2).toBeGreaterThan(0.001);
  });

  test('a frame is broken once, whichever bond is off, and by how much counts', () => {
    const model = conformations(reference.positions.slice(), 4);
    for (let frame = 0; frame < 400; frame++) model.positions[12 * frame + 1]! += frame % 4 === 0 ? 0.1 : 0.04;
    const found = difference(model, reference);
    expect([found.within30, found.within50]).toEqual([0.9, 0.975]);
  });

  test('bonds of fixed length have no widths to compare, and three atoms no torsion', () => {
    const water = conformations(
      Float32Array.from({ length: 900 }, (_, i) => [0.1, 0, 0, 0, 0, 0, 0, 0.1, 0][i % 9]!),
      3,
    );
    const three = { ...topology, atoms: topology.atoms.slice(0, 3), bonds: bonds.slice(0, 2) };
    const summary = structureSummary(water, structureParts(three, water));
    const found = structureDifference(summary, summary);
    expect(found).toMatchObject({ bondWidths: Number.NaN, torsions: Number.NaN, bondMeans: 0 });
    expect(structureAgainst(three, water)(water)).toMatchObject({ bondWidths: null, torsions: null });
  });
});

describe('beside the noise floor', () => {
  const reference = chains({ seed: 3, frames: 8000 });
  const measure = structureAgainst(topology, reference);

  test.each([300, 9000])('%d true frames are at the floor of their number', (frames) => {
    // One drawing says little of a mean.
    const draws = Array.from({ length: 20 }, (_, i) => {
      const compare = structureAgainst(topology, chains({ seed: 100 + i, frames: 5200 }));
      return compare(chains({ seed: 200 + i, frames }))!;
    });
    for (const { count, against, within30 } of draws) {
      expect([count, against, within30.value.mean]).toEqual([Math.min(frames, 2500), 2500, 1]);
    }
    const all = draws.map((one) => [...one.distances, one.pairW2, one.pooledW2, one.bondMeans, one.torsions!]);
    for (let which = 0; which < all[0]!.length; which++) {
      const sum = (of: 'value' | 'floor') => all.reduce((total, own) => total + own[which]![of].mean, 0);
      expect(sum('value') / sum('floor')).toBeGreaterThan(0.8);
      expect(sum('value') / sum('floor')).toBeLessThan(1.25);
    }
  });

  test('what differs is above it', () => {
    const found = measure(chains({ seed: 5, length: 0.143, torsion: 85 }))!;
    for (const one of [...found.distances, found.pairW2, found.bondMeans, found.torsions!]) {
      expect(aboveFloor(one)).toBeGreaterThan(5);
    }
    expect(found.byElements.map(({ elements }) => elements)).toEqual(['C–C', 'C–O']);
  });

  test('it is the same every time', () => {
    const model = chains({ seed: 6, frames: 5000 });
    expect(structureAgainst(topology, reference)(model)).toEqual(measure(model));
  });

  test('one frame, or a reference that cannot be divided, has none', () => {
    expect(measure(sliceFrames(reference, 0, 1))).toBeNull();
    expect(structureAgainst(topology, sliceFrames(reference, 0, 3))(reference)).toBeNull();
  });
});
