import { expect, test } from 'vitest';
import { residueKind, residueTemplate } from './residues.ts';

test.each([
  ['ALA', 'protein', 'A'],
  ['HID', 'protein', 'H'],
  ['HSD', 'protein', 'H'],
  ['CYX', 'protein', 'C'],
  ['NALA', 'protein', 'A'],
  ['CHIE', 'protein', 'H'],
  ['MSE', 'protein', 'M'],
  ['ACE', 'protein', ''],
  ['NME', 'protein', ''],
  ['DA', 'nucleic', 'A'],
  ['DA5', 'nucleic', 'A'],
  ['RU3', 'nucleic', 'U'],
  ['GUA', 'nucleic', 'G'],
  [' ala ', 'protein', 'A'],
])('%j is %s with the letter %j', (name, kind, letter) => {
  expect(residueKind(name)).toBe(kind);
  expect(residueTemplate(name)).toMatchObject({ kind, letter });
});

test.each([
  ['HOH', 'water'],
  ['SOL', 'water'],
  ['TIP3', 'water'],
  ['NA+', 'ion'],
  ['SOD', 'ion'],
  ['ZN', 'ion'],
  ['HEM', undefined],
  ['POPC', undefined],
  ['NACE', undefined],
  ['NDA5', undefined],
  ['constructor', undefined],
  ['', undefined],
])('%j is %s and has no template', (name, kind) => {
  expect(residueKind(name)).toBe(kind);
  expect(residueTemplate(name)).toBeUndefined();
});

test('bonds of the side chains: as many as atoms, and one more for each ring', () => {
  const rings: Record<string, number> = { HIS: 1, PHE: 1, PRO: 1, TRP: 2, TYR: 1 };
  for (const name of 'ALA ARG ASN ASP CYS GLN GLU GLY HIS LEU LYS MET PHE PRO SER THR TRP TYR VAL'.split(' ')) {
    const bonds = residueTemplate(name)!.bonds.filter((pair) => !pair.some((atom) => /^O(XT|T|C|1$|2$)/.test(atom)));
    const atoms = new Set(bonds.flat());
    expect(bonds, name).toHaveLength(atoms.size - 1 + (rings[name] ?? 0));
    expect(new Set(bonds.map((pair) => [...pair].sort().join())).size, name).toBe(bonds.length);
  }
});
