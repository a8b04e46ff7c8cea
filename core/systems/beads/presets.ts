/**
 * Beads that have a name (method §8): which atoms each preset picks, one bead per atom, in the order of the topology.
 * Atoms are found by the names of their residues and their own, not by number, so solvent around a molecule and other
 * orders of atoms do no harm.
 */
import { ErgodicError } from '../../errors.ts';
import { isHydrogen } from '../elements.ts';
import { atomFinder, residueAtoms } from '../residue-atoms.ts';
import { residueKind, residueTemplate } from '../residues.ts';
import type { Topology } from '../topology.ts';
import { residueLabel } from './labels.ts';

/** Indices of atoms, rising. */
type Preset = (topology: Topology) => number[];

export const presets: ReadonlyMap<string, Preset> = new Map<string, Preset>([
  ['all', (topology) => Array.from(topology.atoms.keys())],
  ['heavy', (topology) => heavy(topology, Array.from(topology.atoms.keys()))],
  ['ca', (topology) => namedIn(topology, aminoAcids(topology), ['CA'])],
  ['backbone', (topology) => namedIn(topology, aminoAcids(topology), BACKBONE)],
  ['alanine-dipeptide-5', (topology) => alanineDipeptide(topology, ['N', 'CA', 'C'])],
  ['alanine-dipeptide-6', (topology) => alanineDipeptide(topology, ['N', 'CA', 'CB', 'C'])],
  ['alanine-dipeptide-10', (topology) => counted(heavy(topology, atomsOfAlanine(topology)), 10)],
  ['alanine-dipeptide-22', (topology) => counted(atomsOfAlanine(topology), 22)],
  ['dipeptide', dipeptide],
]);

const BACKBONE = ['N', 'CA', 'C', 'O'];
/** The oxygens at the end of a chain have names of their own. */
const TERMINAL_OXYGENS = ['OT1', 'OC1', 'O1', 'OT', 'OXT'];

const heavy = ({ atoms }: Topology, indices: readonly number[]): number[] =>
  indices.filter((index) => !isHydrogen(atoms[index]!.element));

/** Of each residue all these atoms, or a sentence about the first that is missing. */
function namedIn(topology: Topology, residues: readonly number[], names: readonly string[]): number[] {
  const find = atomFinder(topology);
  return residues
    .flatMap((residue) =>
      names.map((name) => {
        const spellings = name === 'O' ? [name, ...TERMINAL_OXYGENS] : [name];
        const index = spellings.map((spelling) => find(residue, spelling)).find((found) => found >= 0);
        if (index !== undefined) return index;
        throw new ErgodicError(
          `${residueLabel(topology, residue)} has no atom ${name}, which these beads are made of.`,
        );
      }),
    )
    .sort((a, b) => a - b);
}

/** Residues of a chain of amino acids, without its caps; also those nobody knows by name that have its backbone. */
function aminoAcids(topology: Topology): number[] {
  const find = atomFinder(topology);
  const found = topology.residues.flatMap(({ name }, residue) => {
    const template = residueTemplate(name);
    const isOne = template
      ? template.kind === 'protein' && template.letter !== ''
      : !residueKind(name) && ['N', 'CA', 'C'].every((atom) => find(residue, atom) >= 0);
    return isOne ? [residue] : [];
  });
  if (found.length === 0) throw new ErgodicError('The molecule has no amino acid, which these beads are made of.');
  return found;
}

/** Method §8: the transferable model of two residues. */
function dipeptide(topology: Topology): number[] {
  const residues = aminoAcids(topology);
  if (residues.length !== 2) {
    throw new ErgodicError(
      `Beads called dipeptide need 2 amino acids, and the molecule has ${residues.length}: use ca, backbone or a selection.`,
    );
  }
  return residues.flatMap((residue) => {
    const glycine = residueTemplate(topology.residues[residue]!.name)?.name === 'GLY';
    return namedIn(topology, [residue], glycine ? BACKBONE : [...BACKBONE, 'CB']);
  });
}

/** The three residues of method §8, one after the other. */
function cappedAlanine(topology: Topology): [number, number, number] {
  const parent = (residue: number) => residueTemplate(topology.residues[residue]?.name ?? '')?.name;
  const found = topology.residues.flatMap((_, residue) =>
    parent(residue) === 'ACE' && parent(residue + 1) === 'ALA' && parent(residue + 2) === 'NME' ? [residue] : [],
  );
  if (found.length === 1) return [found[0]!, found[0]! + 1, found[0]! + 2];
  throw new ErgodicError(
    `Beads of alanine dipeptide need the residues ACE, ALA, NME one after the other, and there are ${found.length} such places.`,
  );
}

function alanineDipeptide(topology: Topology, names: readonly string[]): number[] {
  const [ace, ala, nme] = cappedAlanine(topology);
  return [...namedIn(topology, [ace], ['C']), ...namedIn(topology, [ala], names), ...namedIn(topology, [nme], ['N'])];
}

function atomsOfAlanine(topology: Topology): number[] {
  const [first, , last] = cappedAlanine(topology);
  const { start, end } = residueAtoms(topology);
  return Array.from({ length: end[last]! - start[first]! }, (_, k) => start[first]! + k);
}

function counted(indices: number[], expected: number): number[] {
  if (indices.length === expected) return indices;
  throw new ErgodicError(
    `Alanine dipeptide has ${expected} atoms of this kind, and ACE, ALA, NME here have ${indices.length}.`,
  );
}
