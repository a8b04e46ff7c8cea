import { expect, test } from 'vitest';
import { validateSpecification } from '../../specification/specification.ts';
import { choose, heldOut, type Modelled } from './choose.ts';

const molecule: Modelled = {
  system: 'molecule',
  beads: 5,
  frames: 40_000,
  molecules: 1,
  rotatable: 2,
  bondLength: 0.14,
  hasForces: true,
};

const cases: readonly (readonly [string, Modelled])[] = [
  ['few beads with forces', molecule],
  ['few beads, positions alone', { ...molecule, hasForces: false }],
  ['two beads, nothing turns', { ...molecule, beads: 2, rotatable: 0 }],
  ['ten beads', { ...molecule, beads: 10, rotatable: 4 }],
  ['all atoms', { ...molecule, beads: 22, rotatable: 7 }],
  ['a chain of ten Cα beads', { ...molecule, beads: 10, rotatable: 7, bondLength: 0.38, hasForces: false }],
  ['a longer one with forces', { ...molecule, beads: 28, rotatable: 25, bondLength: 0.38 }],
  ['a protein', { ...molecule, beads: 300, rotatable: 290 }],
  ['several molecules', { ...molecule, molecules: 12 }],
  ['several proteins', { ...molecule, molecules: 12, beads: 300 }],
  ['a toy', { ...molecule, system: 'toy', beads: 0, rotatable: 0, hasForces: false }],
];

test.each(cases)('%s: what is chosen is a valid specification, and is said', (_, modelled) => {
  const { experts, sentence } = choose(modelled);
  const system =
    modelled.system === 'toy' ? { kind: 'mueller-brown' } : { kind: 'molecule', sources: [{ structure: 'a.pdb' }] };
  const specification = validateSpecification({ system, experts, method: 'diffusion' }, 'chosen');
  expect(specification.method === 'diffusion' && specification.experts).toEqual(experts);
  expect(sentence.length).toBeGreaterThan(20);
});

test('forces are learned from where there are some, and populations where something turns', () => {
  const [withForces] = choose(molecule).experts;
  expect(withForces).toMatchObject({ forces: 1, denoising: 0, contrast: 0.1 });
  const [alone] = choose({ ...molecule, hasForces: false, rotatable: 0 }).experts;
  expect(alone).toMatchObject({ forces: 0, denoising: 1, contrast: 0 });
});

test('a toy is one energy with the regulariser, whose gauge is fitted', () => {
  const { experts } = choose({ ...molecule, system: 'toy', beads: 0, rotatable: 0, hasForces: false });
  expect(experts).toMatchObject([{ range: [0, 1], conservative: true, gauge: 'fitted', forces: 0, contrast: 0 }]);
  expect(experts[0]!.alpha).toBeGreaterThan(0);
});

test('more beads hand over to the mode energy at smaller noise', () => {
  const boundary = (beads: number) => choose({ ...molecule, beads }).experts[0]!.range[1];
  expect(boundary(5)).toBe(1);
  expect(boundary(22)).toBeLessThan(boundary(10));
});

test('of several molecules, networks know beads by their kinds', () => {
  const kinds = choose({ ...molecule, beads: 10, molecules: 12 }).experts.map(({ network }) => network.kind);
  expect(kinds).toEqual(['local', 'local-shape']);
});

test('beads that are further apart than bonded atoms are a chain: invariant energies for nearly all noise, functions of single coordinates for a long one', () => {
  const ten = { ...molecule, beads: 10, rotatable: 7, hasForces: false };
  const kinds = (modelled: Modelled) => choose(modelled).experts.map(({ network }) => network.kind);
  expect(kinds(ten)).toEqual(['invariant', 'modes']);
  const short = choose({ ...ten, bondLength: 0.38 }).experts;
  expect(short).toMatchObject([{ network: { kind: 'invariant', modes: 9 } }, { network: { kind: 'invariant' } }, {}]);
  expect(short.at(-1)!.range[0]).toBeGreaterThan(choose(ten).experts.at(-1)!.range[0]);
  expect(short[0]).toMatchObject({ contrast: 0.1, network: { additive: 0 } });
  const [longer] = choose({ ...ten, beads: 28, rotatable: 25, bondLength: 0.38 }).experts;
  expect(longer).toMatchObject({ contrast: 0, network: { kind: 'invariant', additive: 7 } });
});

test('a tenth of many frames judges the training, of few none', () => {
  expect(heldOut(molecule)).toBe(0.1);
  expect(heldOut({ ...molecule, frames: 300 })).toBe(0);
});
