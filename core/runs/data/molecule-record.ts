/**
 * Molecules in a run record: beads, data scale and collective variables, found once when the files are first read and
 * stored in run.json, so that a trained model can be used without these files. nm, amu, kJ/mol.
 */
import { z } from 'zod';
import { type CollectiveVariables, collectivePoints } from '../../analysis/coordinates/collective-variables.ts';
import { collectiveVariablesSchema } from '../../analysis/coordinates/collective-variables-schema.ts';
import type { Column } from '../../models/columns.ts';
import type { ConformationStatistics } from '../../models/conformation-statistics.ts';
import type { StatisticsByKind } from '../../models/statistics-by-kind.ts';
import type { MoleculeSpecification } from '../../specification/settings.ts';
import { beadFeatures } from '../../systems/bead-features.ts';
import { beadTopology, type NamedBead } from '../../systems/beads.ts';
import { coordinateScale } from '../../systems/centre.ts';
import type { Topology } from '../../systems/topology.ts';
import { bondRanges } from '../sampling/broken-bonds.ts';
import type { LoadedMolecule } from './molecule-data.ts';
import { moleculePlane } from './molecule-plane.ts';
import { statisticsByKindSchema, statisticsSchema } from './molecule-statistics.ts';

const beadSchema = z.strictObject({
  name: z.string(),
  element: z.string(),
  residue: z.string(),
  number: z.int(),
  insertion: z.string().default(''),
  chain: z.string(),
  /** amu. */
  mass: z.number().positive(),
});

const recordedMoleculeSchema = z
  .strictObject({
    name: z.string(),
    use: z.enum(['train', 'test']),
    frames: z.int().min(0),
    beads: z.array(beadSchema).min(2),
    bonds: z.array(z.tuple([z.int().min(0), z.int().min(0)])),
    /** Possible lengths of each, nm, where conformations of it were trained on. */
    bondRanges: z.array(z.tuple([z.number(), z.number()])).optional(),
  })
  .refine(({ beads, bonds }) => bonds.every(([a, b]) => a < b && b < beads.length), { path: ['bonds'] })
  .refine(({ bonds, bondRanges }) => !bondRanges || bondRanges.length === bonds.length, { path: ['bondRanges'] });

export const moleculeRecordSchema = z
  .strictObject({
    /** Standard deviation of all coordinates, nm: what the model's input is divided by. */
    scale: z.number().positive(),
    /** Index of the molecule that is sampled, simulated and compared. */
    target: z.int().min(0),
    plane: collectiveVariablesSchema,
    molecules: z.array(recordedMoleculeSchema).min(1),
    /** Of the target, for networks that are made for one molecule. */
    statistics: statisticsSchema.optional(),
    /** Of all that are trained on, for networks that know beads by their kinds. */
    byKind: statisticsByKindSchema.optional(),
  })
  .refine(({ target, molecules }) => target < molecules.length, { path: ['target'] })
  .refine(({ target, molecules, statistics }) => !statistics || statistics.beads === molecules[target]?.beads.length, {
    path: ['statistics'],
  })
  .refine(({ target, molecules, plane }) => isOfAtoms(plane, molecules[target]?.beads.length ?? 0), {
    path: ['plane'],
  });

function isOfAtoms(plane: CollectiveVariables, atoms: number): boolean {
  try {
    collectivePoints(plane, { positions: new Float32Array(3 * atoms), frames: 1, atoms });
    return true;
  } catch {
    return false;
  }
}

export type MoleculeRecord = Omit<Readonly<z.infer<typeof moleculeRecordSchema>>, 'plane' | 'statistics' | 'byKind'> & {
  readonly plane: CollectiveVariables;
  readonly statistics?: ConformationStatistics | undefined;
  readonly byKind?: StatisticsByKind | undefined;
};
export type RecordedMolecule = MoleculeRecord['molecules'][number];

/** The first held-out molecule, or else the first. */
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
          insertion: residue.insertion,
          chain: topology.chains[residue.chain]!.id,
          mass: atom.mass!,
        };
      }),
      bonds: topology.bonds.map(([a, b]) => [a, b] as [number, number]),
      ...(use === 'train' ? { bondRanges: bondRanges(data.values, topology.atoms.length, topology.bonds) } : {}),
    })),
  };
}

export function topologyOf({ beads, bonds }: RecordedMolecule): Topology {
  const named = beads.map(
    ({ residue, number, ...bead }): NamedBead => ({ ...bead, residueName: residue, residueNumber: number }),
  );
  return beadTopology({ beads: named, bonds });
}

/** Bead features, for a network that transfers between molecules. */
export function moleculeFeatures(molecule: RecordedMolecule): Column {
  const { columns, values } = beadFeatures(topologyOf(molecule));
  return { shape: [molecule.beads.length, columns.length], values };
}
