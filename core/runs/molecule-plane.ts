/**
 * The plane in which a molecule's distributions are compared, from what the specification says and what the molecule
 * is: backbone angles, angles or distances of chosen beads, or the main components of its own data.
 */
import {
  type CollectiveVariables,
  collectiveVariables,
  type VariableRecipe,
} from '../analysis/collective-variables.ts';
import type { Conformations } from '../analysis/conformations.ts';
import type { Quadruple } from '../analysis/dihedrals.ts';
import { beadDistances, type FeatureRecipe } from '../analysis/features.ts';
import { PcaFit } from '../analysis/pca.ts';
import { TicaFit } from '../analysis/tica.ts';
import { ErgodicError } from '../errors.ts';
import type { Topology } from '../systems/topology.ts';
import type { LoadedMolecule } from './molecule-data.ts';
import type { MoleculeSpecification } from './parameters.ts';

type PlaneSpecification = MoleculeSpecification['plane'];

export function moleculePlane(
  plane: PlaneSpecification,
  { name, topology, data }: Pick<LoadedMolecule, 'name' | 'topology' | 'data'>,
): CollectiveVariables {
  const atoms = topology.atoms.length;
  const all: Conformations = { positions: data.values, frames: data.count, atoms };
  return collectiveVariables(recipeFor(plane, name, topology, all), all);
}

function recipeFor(plane: PlaneSpecification, name: string, topology: Topology, all: Conformations): VariableRecipe {
  switch (plane.kind) {
    case 'auto':
      return automatic(topology, all);
    case 'phi-psi': {
      const found = backboneAngles(topology);
      const angles = plane.residue === 0 ? found[0] : found.find(({ residue }) => residue === plane.residue - 1);
      if (angles) return phiPsi(angles);
      const which = plane.residue === 0 ? 'No residue' : `Residue ${plane.residue}`;
      throw new ErgodicError(
        `${which} of \`${name}\` has both backbone angles among its beads: choose beads with C, N, CA, C, N, or another \`system.plane\`.`,
      );
    }
    case 'dihedrals':
      return { kind: 'dihedrals', quadruples: [places(plane.first, 4, all), places(plane.second, 4, all)] };
    case 'distances':
      return { kind: 'distances', pairs: [places(plane.first, 2, all), places(plane.second, 2, all)] };
    case 'pca':
      return widest(all);
    case 'tica':
      return slowest(all, plane.lag);
  }
}

const AUTOMATIC_LAG = 10;

/** Backbone angles where there are some; the slow coordinates of a chain; else the widest ones. */
function automatic(topology: Topology, all: Conformations): VariableRecipe {
  const [angles] = backboneAngles(topology);
  if (angles) return phiPsi(angles);
  const chain = topology.atoms.every(({ name }) => name === 'CA') && all.atoms >= 6 && all.frames > 10 * AUTOMATIC_LAG;
  if (chain) return slowest(all, AUTOMATIC_LAG);
  return widest(all);
}

function slowest(all: Conformations, lag: number): VariableRecipe {
  if (lag >= all.frames) {
    throw new ErgodicError(`\`system.plane.lag\` is ${lag}, but there are only ${all.frames} frames.`);
  }
  const fit = new TicaFit(shapeFeatures(all.atoms), lag);
  fit.add(all);
  return { kind: 'tica', model: fit.result(2) };
}

function widest(all: Conformations): VariableRecipe {
  const fit = new PcaFit(shapeFeatures(all.atoms));
  fit.add(all);
  return { kind: 'pca', model: fit.result(2) };
}

/** Most distances that a component is made of; longer chains are thinned by their separation. */
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

/** Of every residue that has both, C N CA C and N CA C N. */
function backboneAngles({ atoms, residues }: Topology): BackboneAngles[] {
  const place = (residue: number, name: string): number =>
    atoms.findIndex((atom) => atom.residue === residue && atom.name === name);
  return residues.flatMap((own, residue) => {
    const neighbours = residues[residue - 1]?.chain === own.chain && residues[residue + 1]?.chain === own.chain;
    if (!neighbours) return [];
    const [before, n, ca, c, after] = [
      place(residue - 1, 'C'),
      place(residue, 'N'),
      place(residue, 'CA'),
      place(residue, 'C'),
      place(residue + 1, 'N'),
    ] as [number, number, number, number, number];
    if ([before, n, ca, c, after].includes(-1)) return [];
    return [{ residue, phi: [before, n, ca, c], psi: [n, ca, c, after] }];
  });
}

/** Beads are counted from 1 in a specification. */
function places<T extends readonly number[]>(beads: readonly number[], count: number, { atoms }: Conformations): T {
  if (beads.length !== count || beads.some((bead) => bead > atoms) || new Set(beads).size < count) {
    throw new ErgodicError(
      `\`system.plane\` names the beads ${beads.join(', ')}; it must name ${count} different ones of the ${atoms} there are.`,
    );
  }
  return beads.map((bead) => bead - 1) as unknown as T;
}
