import { expect, test } from 'vitest';
import type { Bond, Topology } from '../../systems/topology.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations } from '../geometry/conformations.ts';
import { mirrorImages } from './chirality.ts';

function topology(elements: string, bonds: readonly Bond[]): Topology {
  const atoms = [...elements].map((element, i) => ({ name: `${element}${i}`, element, serial: i, residue: 0 }));
  return { atoms, residues: [], chains: [], bonds };
}

/** A centre and its neighbours on the axes, shaken by 0.01 nm; `mirrored`: which frames are mirror images. */
function frames(count: number, places: readonly number[], mirrored: (frame: number) => boolean, seed = 1) {
  const next = gaussianSource(seed);
  const all = Array.from({ length: count }, (_, frame) =>
    places.map((place, i) => (i % 3 === 2 && mirrored(frame) ? -1 : 1) * (place + 0.01 * next())),
  );
  return conformations(Float32Array.from(all.flat()), places.length / 3);
}

const corner = [0, 0, 0, 0.15, 0, 0, 0, 0.15, 0, 0, 0, 0.15];
const star: readonly Bond[] = [
  [0, 1],
  [0, 2],
  [0, 3],
];
const helix = [0.1, 0, 0, 0, 0, 0, 0, 0.15, 0, 0, 0.15, 0.1];
const chain: readonly Bond[] = [
  [0, 1],
  [1, 2],
  [2, 3],
];
const never = () => false;

test('a chiral centre tells a set from its mirror image', () => {
  const measure = mirrorImages(topology('CNCC', star), frames(2000, corner, never))!;
  expect(measure(frames(500, corner, () => true, 2))).toEqual({
    judgedBy: 'centres',
    places: 1,
    fraction: 1,
    reference: 0,
  });
  expect(measure(frames(500, corner, never, 3)).fraction).toBe(0);
  expect(measure(frames(500, corner, (frame) => frame % 10 === 0, 4)).fraction).toBeCloseTo(0.1, 12);
});

test('a chain of four is told by its torsion, if that has one sign', () => {
  const measure = mirrorImages(topology('CCCC', chain), frames(2000, helix, never))!;
  expect(measure(frames(400, helix, (frame) => frame % 4 === 0, 5))).toMatchObject({
    judgedBy: 'torsions',
    places: 1,
    fraction: 0.25,
  });
});

test('nothing is said where the reference itself has both signs, or two hydrogens only swap names', () => {
  const both = (frame: number) => frame % 100 === 0;
  expect(mirrorImages(topology('CNCC', star), frames(2000, corner, both))).toBeUndefined();
  expect(mirrorImages(topology('CCCC', chain), frames(2000, helix, both))).toBeUndefined();
  expect(mirrorImages(topology('CHHC', star), frames(2000, corner, never))).toBeUndefined();
});
