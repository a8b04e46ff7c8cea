/**
 * The figures that only molecules have: the lengths of their bonds, and for a chain of Cα beads who touches whom.
 */
import { bondDistributions } from '../../analysis/figures/bond-distributions.ts';
import { contactMaps } from '../../analysis/figures/contact-maps.ts';
import type { Figure } from '../../analysis/figures/svg.ts';
import type { Points } from '../../analysis/free-energy/points.ts';
import type { Conformations } from '../../analysis/geometry/conformations.ts';
import { contactMap } from '../../analysis/geometry/contact-map.ts';
import type { Topology } from '../../systems/topology.ts';

export interface ConformationSet {
  readonly name: string;
  readonly all: Conformations;
  /** Lengths of each bond, nm. */
  readonly bonds: Points;
}

/** Beads of a chain below which contacts say nothing. */
const SHORTEST_CHAIN = 6;

/** `sets`: the reference first. */
export function moleculeFigures(
  name: string,
  topology: Topology,
  sets: readonly ConformationSet[],
): Map<string, Figure> {
  const figures = new Map<string, Figure>();
  if (topology.bonds.length > 0) {
    const bonds = bondNames(topology);
    const lengths = sets.map((set) => ({ name: set.name, lengths: set.bonds }));
    figures.set('bonds', bondDistributions({ title: `${name}: bond lengths`, bonds, sets: lengths }));
  }
  if (isChain(topology)) {
    const panels = sets.map((set) => ({ title: set.name, contacts: contactMap(set.all) }));
    const difference = panels.length > 1 ? { difference: { of: panels.length - 1, from: 0 } } : {};
    figures.set('contacts', contactMaps({ title: `${name}: contacts`, panels, ...difference }));
  }
  return figures;
}

/** "CA2–CA3", for each bond. */
export const bondNames = (topology: Topology): string[] =>
  topology.bonds.map((bond) => bond.map((bead) => beadName(topology, bead)).join('–'));

/** Whether contacts say something of these beads. */
export const isChain = ({ atoms }: Topology): boolean =>
  atoms.length >= SHORTEST_CHAIN && atoms.every(({ name }) => name === 'CA');

function beadName({ atoms, residues }: Topology, bead: number): string {
  const { name, residue } = atoms[bead]!;
  return `${name}${residues[residue]!.number}`;
}
