import { describe, expect, test } from 'vitest';
import type { Structure } from '../../../core/host/contract.ts';
import { kindOf, moleculeStyles, representationsOf, styleFor } from './molecule-style.ts';

function structure(atoms: readonly (readonly [name: string, residue: number])[], coarse: boolean): Structure {
  const lines = atoms.map(
    ([name, residue], i) =>
      `ATOM  ${String(i + 1).padStart(5)} ${name.padEnd(4)} ALA A${String(residue).padStart(4)}       0.000   0.000   0.000  1.00  0.00           C`,
  );
  return { pdb: `${lines.join('\n')}\nEND\n`, atoms: atoms.length, bonds: new Uint32Array(), coarse };
}

const residues = (count: number, names: readonly string[]) =>
  Array.from({ length: count }, (_, i) => names.map((name) => [name, i + 1] as const)).flat();

const BACKBONE = [' N', ' CA', ' C', ' O', ' CB', ' HA'];

describe('how a molecule is drawn when nobody has chosen', () => {
  test.each([
    ['a chain of Cα beads', structure(residues(28, [' CA']), true), 'trace'],
    [
      'five beads of a dipeptide',
      structure(
        [
          [' C', 1],
          [' N', 2],
          [' CA', 2],
          [' C', 2],
          [' N', 3],
        ],
        true,
      ),
      'beads',
    ],
    ['a small peptide', structure(residues(3, BACKBONE), false), 'ball+stick'],
    ['a protein', structure(residues(60, BACKBONE), false), 'cartoon'],
  ])('%s', (_, drawn, style) => {
    expect(styleFor(kindOf(drawn))).toBe(style);
  });

  test('calcium is no Cα', () => {
    const ions = structure(
      Array.from({ length: 8 }, (_, i) => ['CA', i + 1] as const),
      false,
    );
    expect(kindOf({ ...ions, pdb: ions.pdb.replaceAll(' CA  ALA', 'CA   ALA') }).alphaCarbons).toBe(false);
  });

  test('every style draws something of every kind', () => {
    const kinds = [structure(residues(28, [' CA']), true), structure(residues(3, BACKBONE), false)].map(kindOf);
    for (const style of Object.keys(moleculeStyles) as (keyof typeof moleculeStyles)[]) {
      if (style === 'auto') continue;
      for (const kind of kinds) expect(representationsOf(style, kind).length).toBeGreaterThan(0);
    }
  });
});
