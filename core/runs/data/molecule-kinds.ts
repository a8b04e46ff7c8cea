/**
 * Statistics by the kinds of beads (models/statistics-by-kind.ts) of the molecules of a run: pooled from their training sets, and
 * for each molecule of a run record from these tables alone. Model units.
 */
import type { ConfigurationSize } from '../../models/network.ts';
import { type StatisticsByKind, statisticsByKind, statisticsOfKinds } from '../../models/statistics-by-kind.ts';
import { kindedStructure } from '../../systems/bead-kinds.ts';
import type { TrainingSet } from './data-set.ts';
import { type MoleculeRecord, topologyOf } from './molecule-record.ts';

type Molecules = Pick<MoleculeRecord, 'molecules' | 'scale'>;
type Size = Pick<ConfigurationSize, 'statistics' | 'kinds'>;

const trainedOn = <T extends { readonly use: string }>(molecules: readonly T[]): T[] =>
  molecules.filter(({ use }) => use === 'train');

/** `sets`: of the molecules to train on, in their order. */
export const pooledByKind = ({ molecules, scale }: Molecules, sets: readonly TrainingSet[]): StatisticsByKind =>
  statisticsByKind(
    trainedOn(molecules).map((molecule, i) => {
      const { columns, count } = sets[i]!;
      const { positions, forces } = columns;
      return {
        structure: kindedStructure(topologyOf(molecule)),
        conformations: { positions: positions.values, forces: forces?.values, frames: count, scale },
      };
    }),
  );

/** Of every molecule of a record; one object for those that are alike in the kinds of their beads and their bonds. */
export function kindsOf({ molecules }: Molecules, tables: StatisticsByKind): Size[] {
  const structures = molecules.map((molecule) => kindedStructure(topologyOf(molecule)));
  const keys = structures.map(({ kinds, bonds }) => JSON.stringify([kinds, bonds]));
  const trained = keys.filter((_, i) => molecules[i]!.use === 'train');
  const known = [...new Set(trained)].map((key) => structures[keys.indexOf(key)]!);
  const sizes = new Map(
    [...new Set(keys)].map((key): [string, Size] => {
      const own = structures[keys.indexOf(key)]!;
      return [key, { statistics: statisticsOfKinds(tables, own), kinds: { own, known } }];
    }),
  );
  return keys.map((key) => sizes.get(key)!);
}
