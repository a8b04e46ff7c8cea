/**
 * A molecule as a window draws it: a PDB of its atoms or beads at one conformation, and its bonds. Only a picture: names
 * too long for the columns of PDB are cut, and a molecule too far out is moved to the middle. nm in.
 */
import { ErgodicError } from '../../../errors.ts';
import { pdbWriter } from '../../../formats/pdb.ts';
import { inColumns } from '../../../storage/trajectory-file.ts';
import { beadBonds } from '../../../systems/beads/bead-bonds.ts';
import { centre } from '../../../systems/centre.ts';
import { elementBySymbol } from '../../../systems/elements.ts';
import type { Topology } from '../../../systems/topology.ts';
import type { Structure } from '../../contract.ts';

/** More than any window turns around. */
const MOST_ATOMS = 1_000_000;
/** nm: −999.999 Å are eight columns. */
const FARTHEST = 99.9;

export function drawable(topology: Topology, positions: ArrayLike<number>): Structure {
  const atoms = topology.atoms.length;
  if (atoms > MOST_ATOMS) {
    throw new ErgodicError(
      `A molecule of ${atoms} atoms is too large to be drawn: leave out the solvent with \`ergodic convert --select "not water"\` first.`,
    );
  }
  // A file may have one atom of each residue, which no chemical bond connects.
  const bonds = beadBonds(
    topology,
    topology.atoms.map((_, atom) => [atom]),
  );
  const placed = Float64Array.from(positions);
  if (placed.some((value) => !(Math.abs(value) < FARTHEST))) centre(placed);
  const writer = pdbWriter(inColumns(topology), { frames: 1 });
  const pieces = [writer.head(), writer.frame({ positions: placed }), writer.end().tail];
  return {
    pdb: new TextDecoder().decode(Buffer.concat(pieces)),
    atoms,
    bonds: Uint32Array.from(bonds.flat()),
    coarse: isCoarse({ ...topology, bonds }, placed),
  };
}

/** Longer, in sums of covalent radii, than any chemical bond. */
const LONGEST = 1.4;

/** Whether what is bonded here are no chemical bonds: groups of atoms, or one atom of each residue. */
function isCoarse({ atoms, bonds }: Topology, positions: ArrayLike<number>): boolean {
  const radii = atoms.map(({ element }) => elementBySymbol(element)?.covalentRadius);
  if (atoms.length > 1 && bonds.length === 0) return radii.some((radius) => radius === undefined);
  const long = bonds.filter(([a, b]) => {
    const [one, other] = [radii[a], radii[b]];
    if (one === undefined || other === undefined) return true;
    const apart = [0, 1, 2].map((axis) => positions[3 * b + axis]! - positions[3 * a + axis]!);
    return Math.hypot(...apart) > LONGEST * (one + other);
  });
  return 2 * long.length > bonds.length;
}
