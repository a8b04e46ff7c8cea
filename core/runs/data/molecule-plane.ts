/**
 * The collective variables in which a molecule's distributions are compared: backbone angles, dihedrals or distances of
 * chosen beads, or components (PCA, TICA) of its own data.
 */
import {
  type CollectiveVariables,
  collectiveVariables,
  type VariableRecipe,
} from '../../analysis/coordinates/collective-variables.ts';
import { beadDistances, type FeatureRecipe } from '../../analysis/coordinates/features.ts';
import { PcaFit } from '../../analysis/coordinates/pca.ts';
import { TicaFit } from '../../analysis/coordinates/tica.ts';
import { type Conformations, sliceFrames } from '../../analysis/geometry/conformations.ts';
import type { Quadruple } from '../../analysis/geometry/dihedrals.ts';
import { ErgodicError } from '../../errors.ts';
import type { MoleculeSpecification } from '../../specification/settings.ts';
import type { Topology } from '../../systems/topology.ts';
import type { LoadedMolecule } from './molecule-data.ts';

type PlaneSpecification = MoleculeSpecification['plane'];

export function moleculePlane(
  plane: PlaneSpecification,
  molecule: Pick<LoadedMolecule, 'name' | 'topology' | 'data' | 'pieces'>,
): CollectiveVariables {
  const { topology, data, pieces } = molecule;
  const atoms = topology.atoms.length;
  const all: Trajectories = { positions: data.values, frames: data.count, atoms, pieces };
  return collectiveVariables(recipeFor(plane, molecule.name, topology, all), all);
}

/** One after the other: `pieces` are the frames of each. */
interface Trajectories extends Conformations {
  readonly pieces: readonly number[];
}

function recipeFor(plane: PlaneSpecification, name: string, topology: Topology, all: Trajectories): VariableRecipe {
  switch (plane.kind) {
    case 'auto':
      return automatic(topology, all);
    case 'phi-psi': {
      const found = backboneAngles(topology);
      const angles = plane.residue === 0 ? found[0] : found.find(({ residue }) => residue === plane.residue - 1);
      if (angles) return phiPsi(angles);
      const which = plane.residue === 0 ? 'No residue' : `Residue ${plane.residue}`;
      throw new ErgodicError(
        `${which} of \`${name}\` ${plane.residue === 0 ? 'has' : 'does not have'} both backbone angles among its beads: choose beads with C, N, CA, C, N, or another \`system.plane\`.`,
      );
    }
    case 'dihedrals':
      return { kind: 'dihedrals', quadruples: [beadIndices(plane.first, 4, all), beadIndices(plane.second, 4, all)] };
    case 'distances':
      return { kind: 'distances', pairs: [beadIndices(plane.first, 2, all), beadIndices(plane.second, 2, all)] };
    case 'pca':
      return widest(all);
    case 'tica':
      return slowest(all, plane.lag);
  }
}

const AUTOMATIC_LAG = 10;

/** Backbone angles where there are some; TICA for a chain with enough frames; else PCA. */
function automatic(topology: Topology, all: Trajectories): VariableRecipe {
  const [angles] = backboneAngles(topology);
  if (angles) return phiPsi(angles);
  const [peptide] = peptideAngles(topology);
  if (peptide)
    return { kind: 'dihedrals', quadruples: [peptide.psi, peptide.phi], names: ['ψ', 'φ of the next residue'] };
  const chain = topology.atoms.every(({ name }) => name === 'CA') && all.atoms >= 6;
  if (chain && all.pieces.some((frames) => frames > 10 * AUTOMATIC_LAG)) return slowest(all, AUTOMATIC_LAG);
  return widest(all);
}

function slowest(all: Trajectories, lag: number): VariableRecipe {
  if (all.pieces.every((frames) => frames <= lag)) {
    throw new ErgodicError(`\`system.plane.lag\` is ${lag}, but no trajectory has more than ${lag} frames.`);
  }
  const fit = new TicaFit(shapeFeatures(all.atoms), lag);
  let start = 0;
  for (const frames of all.pieces) {
    fit.add(sliceFrames(all, start, start + frames));
    fit.endTrajectory();
    start += frames;
  }
  return { kind: 'tica', model: fit.result(2) };
}

function widest(all: Conformations): VariableRecipe {
  const fit = new PcaFit(shapeFeatures(all.atoms));
  fit.add(all);
  return { kind: 'pca', model: fit.result(2) };
}

/** Most distances in a component; for longer chains, pairs close in sequence are left out. */
const MOST_FEATURES = 300;

function shapeFeatures(atoms: number): FeatureRecipe {
  let separation = Math.min(3, Math.max(1, atoms - 2));
  while (((atoms - separation) * (atoms - separation + 1)) / 2 > MOST_FEATURES && separation < atoms - 2) separation++;
  return beadDistances(atoms, separation);
}

interface BackboneAngles {
  readonly residue: number;
  readonly phi: Quadruple;
  readonly psi: Quadruple;
}

const phiPsi = ({ phi, psi }: BackboneAngles): VariableRecipe => ({
  kind: 'dihedrals',
  quadruples: [phi, psi],
  names: ['φ', 'ψ'],
});

const atomIndex =
  ({ atoms }: Topology) =>
  (residue: number, name: string): number =>
    atoms.findIndex((atom) => atom.residue === residue && atom.name === name);

/** ψ and the next φ, on both sides of each peptide bond: the only backbone angles of two residues. */
function peptideAngles(topology: Topology): { psi: Quadruple; phi: Quadruple }[] {
  const indexOf = atomIndex(topology);
  return topology.residues.slice(1).flatMap((next, residue) => {
    if (next.chain !== topology.residues[residue]!.chain) return [];
    const [n, ca, c] = ['N', 'CA', 'C'].map((name) => indexOf(residue, name)) as [number, number, number];
    const [n2, ca2, c2] = ['N', 'CA', 'C'].map((name) => indexOf(residue + 1, name)) as [number, number, number];
    if ([n, ca, c, n2, ca2, c2].includes(-1)) return [];
    return [{ psi: [n, ca, c, n2], phi: [c, n2, ca2, c2] }];
  });
}

/** Of every residue that has both, C N CA C and N CA C N. */
function backboneAngles(topology: Topology): BackboneAngles[] {
  const { residues } = topology;
  const indexOf = atomIndex(topology);
  return residues.flatMap((own, residue) => {
    const neighbours = residues[residue - 1]?.chain === own.chain && residues[residue + 1]?.chain === own.chain;
    if (!neighbours) return [];
    const [before, n, ca, c, after] = [
      indexOf(residue - 1, 'C'),
      indexOf(residue, 'N'),
      indexOf(residue, 'CA'),
      indexOf(residue, 'C'),
      indexOf(residue + 1, 'N'),
    ] as [number, number, number, number, number];
    if ([before, n, ca, c, after].includes(-1)) return [];
    return [{ residue, phi: [before, n, ca, c], psi: [n, ca, c, after] }];
  });
}

/** Beads are counted from 1 in a specification. */
function beadIndices<T extends readonly number[]>(
  beads: readonly number[],
  count: number,
  { atoms }: Conformations,
): T {
  if (beads.length !== count || beads.some((bead) => bead > atoms) || new Set(beads).size < count) {
    throw new ErgodicError(
      `\`system.plane\` names the beads ${beads.join(', ')}; it must name ${count} different beads, from 1 to ${atoms}.`,
    );
  }
  return beads.map((bead) => bead - 1) as unknown as T;
}
