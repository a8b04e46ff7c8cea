/**
 * From atoms to beads: which atoms each bead stands for, and where it is. A bead is one atom, or a group of atoms at
 * their centre of mass. Which bead is bonded to which: beads/bead-bonds.ts; the beads as a topology of their own:
 * `beadTopology` there beside. nm, amu. Groups need whole molecules: `unwrap` comes first (molecules.ts).
 */
import { ErgodicError } from '../errors.ts';
import { nearestWord } from '../nearest-word.ts';
import type { Bead, BeadMapping } from './beads/bead.ts';
import { beadBonds } from './beads/bead-bonds.ts';
import { atomLabel, massOf } from './beads/labels.ts';
import { presets } from './beads/presets.ts';
import { select, selector } from './selection.ts';
import type { Topology } from './topology.ts';

export type { Bead, BeadMapping } from './beads/bead.ts';
export { beadTopology, type NamedBead } from './beads/bead-topology.ts';

/** The name of a preset or a selection, for a bead per atom; or a selection for each bead. */
export type BeadRequest = string | { readonly groups: readonly string[] };

/** Names for `mapBeads`. */
export const beadPresets: readonly string[] = [...presets.keys()];

export function mapBeads(topology: Topology, request: BeadRequest): BeadMapping {
  if (typeof request !== 'string')
    return mapping(topology, `${request.groups.length} groups`, groupsOf(topology, request.groups));
  const text = request.trim();
  const preset = presets.get(text.toLowerCase());
  const indices = preset ? preset(topology) : selected(topology, text);
  return mapping(
    topology,
    preset ? text.toLowerCase() : text,
    Array.from(indices, (index) => [index]),
  );
}

/** Writes x y z of every bead, nm. `positions`: of all atoms of the topology the mapping was made for. */
export function applyBeads(
  { atoms, beads }: BeadMapping,
  positions: ArrayLike<number>,
  out: Float32Array | Float64Array,
): void {
  if (positions.length !== 3 * atoms || out.length !== 3 * beads.length) {
    throw new ErgodicError(
      `A mapping of ${atoms} atoms to ${beads.length} beads cannot be applied to ${positions.length / 3} atoms and ${out.length / 3} beads.`,
    );
  }
  for (let b = 0; b < beads.length; b++) {
    const { atoms: indices, weights } = beads[b]!;
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let k = 0; k < indices.length; k++) sum += weights[k]! * positions[3 * indices[k]! + axis]!;
      out[3 * b + axis] = sum;
    }
  }
}

function selected(topology: Topology, text: string): Uint32Array {
  let indices: Uint32Array;
  try {
    indices = select(topology, text);
  } catch (error) {
    const preset = error instanceof ErgodicError && /^[\w-]+$/.test(text) ? nearestWord(text, beadPresets) : undefined;
    if (!preset) throw error;
    throw new ErgodicError(
      `There are no beads called \`${text}\`, and it is no selection: did you mean \`${preset}\`?`,
    );
  }
  if (indices.length > 0) return indices;
  throw new ErgodicError(
    `The selection \`${text}\` holds none of the ${topology.atoms.length} atoms, so it makes no beads.`,
  );
}

function groupsOf(topology: Topology, texts: readonly string[]): number[][] {
  if (texts.length === 0) throw new ErgodicError('Beads of groups need at least one group of atoms.');
  const owner = new Int32Array(topology.atoms.length).fill(-1);
  const chosen = selector(topology);
  return texts.map((text, group) => {
    const indices = Array.from(chosen(text));
    if (indices.length === 0) throw new ErgodicError(`Group ${group + 1} of the beads, \`${text}\`, holds no atoms.`);
    for (const index of indices) {
      if (owner[index] !== -1) {
        throw new ErgodicError(
          `Groups ${owner[index]! + 1} and ${group + 1} of the beads both hold ${atomLabel(topology, index)}: an atom belongs to one bead.`,
        );
      }
      owner[index] = group;
    }
    return indices;
  });
}

function mapping(topology: Topology, name: string, groups: readonly (readonly number[])[]): BeadMapping {
  const named = new Map<number, number>();
  const beads = groups.map((indices, bead) =>
    indices.length === 1 ? atomBead(topology, indices[0]!) : groupBead(topology, indices, bead, named),
  );
  return { name, atoms: topology.atoms.length, beads, bonds: beadBonds(topology, groups) };
}

function atomBead(topology: Topology, index: number): Bead {
  const atom = topology.atoms[index]!;
  const { name, element } = atom;
  return { name, element, mass: massOf(atom), ...residueOf(topology, index), atoms: [index], weights: [1] };
}

/** `named`: how many groups each residue has so far. */
function groupBead(topology: Topology, indices: readonly number[], bead: number, named: Map<number, number>): Bead {
  const { atoms } = topology;
  const masses = indices.map((index) => massOf(atoms[index]!));
  const mass = masses.reduce((sum, each) => sum + each, 0);
  const shared = { element: '', mass, atoms: indices, weights: masses.map((each) => each / mass) };
  const home = residueOf(topology, indices[0]!);
  const { residue } = atoms[indices[0]!]!;
  if (indices.some((index) => atoms[index]!.residue !== residue)) {
    return { ...shared, ...home, name: 'X1', residueName: 'GRP', residueNumber: bead + 1, insertion: '' };
  }
  const number = (named.get(residue) ?? 0) + 1;
  named.set(residue, number);
  return { ...shared, ...home, name: `X${number}` };
}

function residueOf({ atoms, residues, chains }: Topology, index: number) {
  const { name, number, insertion, chain } = residues[atoms[index]!.residue]!;
  return { residueName: name, residueNumber: number, insertion, chain: chains[chain]!.id };
}
