/**
 * Molecules as a run remembers them: the beads, the scale of the data and the plane of comparison, found once when the
 * files are first read and kept in run.json, so that a trained model needs them no more. nm, amu, kJ/mol.
 */
import { z } from 'zod';
import { type CollectiveVariables, collectivePlane, collectivePoints } from '../analysis/collective-variables.ts';
import { collectiveVariablesSchema } from '../analysis/collective-variables-schema.ts';
import { ErgodicError } from '../errors.ts';
import { beadFeatures } from '../systems/bead-features.ts';
import { coordinateScale } from '../systems/centre.ts';
import type { Topology } from '../systems/topology.ts';
import { thermalEnergy } from '../units.ts';
import type { LoadedMolecule } from './molecule-data.ts';
import { moleculePlane } from './molecule-plane.ts';
import type { MoleculeSpecification } from './parameters.ts';
import type { RunSystem } from './run-system.ts';

const beadSchema = z.strictObject({
  name: z.string(),
  element: z.string(),
  residue: z.string(),
  number: z.int(),
  chain: z.string(),
  /** amu. */
  mass: z.number().positive(),
});

export const moleculeRecordSchema = z.strictObject({
  /** Standard deviation of all coordinates, nm: what the model's input is divided by. */
  scale: z.number().positive(),
  /** Place of the molecule that is sampled, simulated and compared. */
  target: z.int().min(0),
  plane: collectiveVariablesSchema,
  molecules: z
    .array(
      z.strictObject({
        name: z.string(),
        use: z.enum(['train', 'test']),
        frames: z.int().min(0),
        beads: z.array(beadSchema).min(2),
        bonds: z.array(z.tuple([z.int().min(0), z.int().min(0)])),
      }),
    )
    .min(1),
});

export type MoleculeRecord = Omit<Readonly<z.infer<typeof moleculeRecordSchema>>, 'plane'> & {
  readonly plane: CollectiveVariables;
};
type RecordedMolecule = MoleculeRecord['molecules'][number];

/** The first molecule that is not trained on, or else the first. */
export const targetOf = (molecules: readonly { readonly use: 'train' | 'test' }[]): number =>
  Math.max(
    0,
    molecules.findIndex(({ use }) => use === 'test'),
  );

export const targetSource = ({ sources }: MoleculeSpecification): MoleculeSpecification['sources'][number] =>
  sources[targetOf(sources)]!;

export function moleculeRecord(loaded: readonly LoadedMolecule[], system: MoleculeSpecification): MoleculeRecord {
  const target = targetOf(loaded);
  const scale = coordinateScale();
  for (const { use, data, topology } of loaded) if (use === 'train') scale.add(data.values, topology.atoms.length);
  return {
    scale: scale.value(),
    target,
    plane: moleculePlane(system.plane, loaded[target]!),
    molecules: loaded.map(({ name, use, topology, data }) => ({
      name,
      use,
      frames: data.count,
      beads: topology.atoms.map((atom) => {
        const residue = topology.residues[atom.residue]!;
        return {
          name: atom.name,
          element: atom.element,
          residue: residue.name,
          number: residue.number,
          chain: topology.chains[residue.chain]!.id,
          mass: atom.mass!,
        };
      }),
      bonds: topology.bonds.map(([a, b]) => [a, b] as [number, number]),
    })),
  };
}

/** The residues and chains that the beads' own names tell apart. */
function topologyOf({ beads, bonds }: RecordedMolecule): Topology {
  const chains: Topology['chains'][number][] = [];
  const residues: Topology['residues'][number][] = [];
  const atoms = beads.map(({ name, element, residue, number, chain, mass }, i) => {
    const before = beads[i - 1];
    if (!before || before.chain !== chain) chains.push({ id: chain, segment: '' });
    if (!before || before.chain !== chain || before.number !== number || before.residue !== residue) {
      residues.push({ name: residue, number, insertion: '', chain: chains.length - 1, hetero: false });
    }
    return { name, element, mass, serial: i + 1, residue: residues.length - 1 };
  });
  return { atoms, residues, chains, bonds };
}

export function moleculeFeatures(topology: Topology): NonNullable<RunSystem['features']> {
  const { columns, values } = beadFeatures(topology);
  return { shape: [topology.atoms.length, columns.length], values };
}

export function moleculeSystem(
  { scale, target, plane, molecules }: MoleculeRecord,
  { temperature, features }: MoleculeSpecification,
  bins: { readonly pmfBins: number; readonly jsBins: number },
): RunSystem {
  const topology = topologyOf(molecules[target]!);
  const beads = topology.atoms.length;
  if (molecules.some((one) => one.bonds.some((bond) => bond.some((place) => place >= one.beads.length)))) {
    throw new ErgodicError('The record of this run names a bond of a bead that does not exist: restore run.json.');
  }
  return {
    shape: [beads, 3],
    kT: thermalEnergy(temperature),
    masses: Float64Array.from({ length: 3 * beads }, (_, i) => topology.atoms[Math.floor(i / 3)]!.mass!),
    scale,
    ...(features === 'chemistry' ? { features: moleculeFeatures(topology) } : {}),
    topology,
    bonds: topology.bonds,
    variables: planeOf(plane, beads, bins),
  };
}

function planeOf(variables: CollectiveVariables, atoms: number, bins: { pmfBins: number; jsBins: number }) {
  return {
    plane: collectivePlane(variables, bins),
    axes: variables.axes,
    points: (positions: Float32Array) =>
      collectivePoints(variables, { positions, frames: positions.length / (3 * atoms), atoms }),
  };
}
