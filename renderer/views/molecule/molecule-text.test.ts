import { describe, expect, test } from 'vitest';
import type { Structure } from '../../../core/host/contract.ts';
import { atomLines, isSameMolecule, positionsIn } from './molecule-text.ts';

const line = (serial: number, name: string, x: number) =>
  `ATOM  ${String(serial).padStart(5)}  ${name.padEnd(3)} ALA A   1    ${x.toFixed(3).padStart(8)}   2.000  -3.500  1.00  0.00           C  `;
const structure = (names: readonly string[], shift = 0): Structure => ({
  pdb: `MODEL 1\n${names.map((name, i) => line(i + 1, name, i + shift)).join('\n')}\nENDMDL\nMODEL 2\n${line(1, 'X', 9)}\nENDMDL\n`,
  atoms: names.length,
  bonds: Uint32Array.from([0, 1]),
  coarse: false,
});

describe('the text of a molecule', () => {
  test('has the atoms of its first model', () => {
    expect([...atomLines(structure(['N', 'CA', 'C']).pdb)]).toHaveLength(3);
    expect([...atomLines('')]).toEqual([]);
  });

  test('has positions in Å, which are nm here', () => {
    const positions = positionsIn(structure(['N', 'CA'], 4));
    expect([...positions].map((value) => Number(value.toFixed(4)))).toEqual([0.4, 0.2, -0.35, 0.5, 0.2, -0.35]);
  });

  test('says whether only the conformation is another', () => {
    const one = structure(['N', 'CA', 'C']);
    expect(isSameMolecule(one, structure(['N', 'CA', 'C'], 7))).toBe(true);
    expect(isSameMolecule(one, structure(['N', 'CA', 'O']))).toBe(false);
    expect(isSameMolecule(one, structure(['N', 'CA']))).toBe(false);
    expect(isSameMolecule(one, { ...one, bonds: Uint32Array.from([0, 2]) })).toBe(false);
    expect(isSameMolecule(one, { ...one, coarse: true })).toBe(false);
  });
});
