/** Small molecules for the tests of this folder, and seeded random numbers. */
import { guessElement } from './elements.ts';
import type { Bond, Topology } from './topology.ts';
import { gaussianSource } from './toys/gaussian.ts';

export interface TestMolecule {
  readonly topology: Topology;
  /** nm. */
  readonly positions: Float64Array;
}

/** One atom per line: name, residue name, residue number, chain, x, y, z in Å; chain "-" for none. */
export function molecule(text: string, bonds: readonly Bond[] = []): TestMolecule {
  const atoms: Topology['atoms'][number][] = [];
  const residues: Topology['residues'][number][] = [];
  const chains: Topology['chains'][number][] = [];
  const positions: number[] = [];
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [name, residueName, number, chain, ...xyz] = line.trim().split(/\s+/) as [string, string, string, string];
    const id = chain === '-' ? '' : chain;
    if (chains.at(-1)?.id !== id) chains.push({ id, segment: '' });
    const last = residues.at(-1);
    const inChain = chains.length - 1;
    if (!last || last.number !== Number(number) || last.name !== residueName || last.chain !== inChain) {
      residues.push({ name: residueName, number: Number(number), insertion: '', chain: inChain, hetero: false });
    }
    const element = guessElement(name, residueName);
    atoms.push({ name, element, serial: atoms.length + 1, residue: residues.length - 1 });
    positions.push(...xyz.map((value) => Number(value) / 10));
  }
  return { topology: { atoms, residues, chains, bonds }, positions: Float64Array.from(positions) };
}

/** "ALA2.CA" for an index. */
export function nameOf({ atoms, residues }: Topology, index: number): string {
  const { name, residue } = atoms[index]!;
  return `${residues[residue]!.name}${residues[residue]!.number}.${name}`;
}

export const bondNames = (topology: Topology): string[] =>
  topology.bonds.map(([i, j]) => `${nameOf(topology, i)}-${nameOf(topology, j)}`);

/** Uniform in [low, high): the normal distribution turned flat, so that one seeded source serves all tests. */
export function uniformSource(seed: number): (low: number, high: number) => number {
  const next = gaussianSource(seed);
  return (low, high) => {
    const angle = Math.atan2(next(), next());
    return low + (high - low) * (angle / (2 * Math.PI) + 0.5);
  };
}

/** One frame of the alanine dipeptide of method §8. */
export const alanineDipeptide = (): TestMolecule =>
  molecule(`
    H1  ACE 1 A   0.125  -0.160  -3.383
    CH3 ACE 1 A   0.985   0.542  -2.992
    H2  ACE 1 A   0.995   1.297  -3.756
    H3  ACE 1 A   1.926   0.020  -2.963
    C   ACE 1 A   0.733   1.228  -1.674
    O   ACE 1 A   0.928   2.408  -1.538
    N   ALA 2 A   0.170   0.437  -0.747
    H   ALA 2 A  -0.112  -0.449  -1.052
    CA  ALA 2 A  -0.381   0.903   0.503
    HA  ALA 2 A  -0.009   1.897   0.648
    CB  ALA 2 A  -1.859   1.050   0.185
    HB1 ALA 2 A  -2.312   0.069  -0.028
    HB2 ALA 2 A  -2.364   1.540   0.983
    HB3 ALA 2 A  -1.986   1.573  -0.742
    C   ALA 2 A  -0.080  -0.026   1.703
    O   ALA 2 A  -0.448   0.330   2.803
    N   NME 3 A   0.523  -1.229   1.412
    H   NME 3 A   0.545  -1.455   0.393
    C   NME 3 A   0.612  -2.265   2.368
    H1  NME 3 A  -0.093  -2.104   3.199
    H2  NME 3 A   0.480  -3.250   1.897
    H3  NME 3 A   1.621  -2.354   2.781`);
