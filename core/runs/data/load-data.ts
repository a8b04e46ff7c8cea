/**
 * The data of a run: what is trained on and what is compared with, whatever the system. Loaded once when a run begins,
 * and again, to the same bits, when it goes on.
 */
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import { type ColumnName, requireColumns } from '../../models/columns.ts';
import type { MoleculeSpecification, Specification, ToySpecification } from '../../specification/settings.ts';
import { splitFrames } from '../../systems/split.ts';
import { symmetriesOf } from '../../systems/symmetry.ts';
import { thermalEnergy } from '../../units.ts';
import type { Follower } from '../follower.ts';
import { cooled } from './cooled-data.ts';
import { type DataSet, fingerprint, type TrainingSet, trainingSet } from './data-set.ts';
import { type LoadedMolecule, loadMolecules } from './molecule-data.ts';
import { kindsOf, pooledByKind } from './molecule-kinds.ts';
import { type MoleculeRecord, moleculeFeatures, moleculeRecord, topologyOf } from './molecule-record.ts';
import { requireOneMolecule, statisticsOf } from './molecule-statistics.ts';
import type { DataFacts, RunData } from './run-data.ts';
import { type Subject, systemOf } from './run-system.ts';
import { inAllForms, inOneForm } from './symmetric-data.ts';
import { closedForm, isBiased, toyData, trueData } from './toy-data.ts';
import {
  drawnData,
  drawnFrames,
  drawnSet,
  effectiveText,
  type Weighed,
  weigh,
  weightColumns,
} from './weighted-data.ts';

/** For a new run, from its files. `columns`: needed beside positions and features; a missing one is an error. */
export const loadData = (
  specification: Specification,
  follower: Follower,
  columns: readonly ColumnName[] = [],
): Promise<{ data: RunData; facts: DataFacts }> => load(specification, {}, follower, columns);

/** For a run that exists: the same data, with the beads, scale and collective variables of its record. */
export async function reloadData(
  { specification, ...facts }: Subject & DataFacts,
  follower: Follower,
  columns: readonly ColumnName[] = [],
): Promise<RunData> {
  return (await load(specification, facts, follower, columns)).data;
}

async function load(
  specification: Specification,
  known: DataFacts,
  follower: Follower,
  columns: readonly ColumnName[],
) {
  const { system } = specification;
  const loaded = await (system.kind === 'molecule'
    ? moleculeData(specification, system, known, follower, columns)
    : simpleData(specification, system, known, follower, columns));
  requireColumns([...loaded.data.training, ...loaded.data.validation], columns);
  return loaded;
}

async function simpleData(
  specification: Specification,
  toy: ToySpecification,
  { dataFingerprint, fittedWeights }: DataFacts,
  follower: Follower,
  columns: readonly ColumnName[],
): Promise<{ data: RunData; facts: DataFacts }> {
  const system = systemOf({ specification });
  const read = await toyData(toy, follower.task('generating training data'));
  const facts: DataFacts = toy.data === null ? {} : { dataFingerprint: fingerprint([read]) };
  if (dataFingerprint !== undefined && facts.dataFingerprint !== dataFingerprint) throw changedData([toy.data]);
  const name = toy.data ?? toy.kind;
  const measured = { name, shape: system.shape, count: read.count, positions: read.values };
  const wanted = [...columns, ...weightColumns(toy.weights, fittedWeights !== undefined)];
  const set = trainingSet({ ...measured, ...closedForm(toy, read, wanted) }, system);
  if (!isBiased(toy)) return { data: { system, training: [set], validation: [], reference: read, known: read }, facts };
  const by = { weights: toy.weights, coldness: 1 / toy.dataTemperature, fitted: fittedWeights?.[0] ?? undefined };
  const { weights, fitted } = await weigh(set, by);
  if (toy.weights !== 'none') follower.say(effectiveText(name, weights));
  const reference = await trueData(toy, read.count, follower.task('generating unbiased data to compare with'));
  const drawn = toy.weights === 'none' ? undefined : drawnFrames(weights);
  return {
    data: {
      system,
      training: [drawn ? drawnSet(set, weights) : set],
      validation: [],
      reference,
      known: drawn ? drawnData(read, drawn) : read,
      drawn,
    },
    facts: { ...facts, ...(fitted ? { fittedWeights: [fitted] } : {}) },
  };
}

async function moleculeData(
  specification: Specification,
  own: MoleculeSpecification,
  known: DataFacts,
  follower: Follower,
  columns: readonly ColumnName[],
): Promise<{ data: RunData; facts: DataFacts }> {
  const wanted = [...columns, ...weightColumns(own.weights, known.fittedWeights !== undefined)];
  const read = await loadMolecules(own, follower.task('reading conformations'), (line) => follower.say(line), wanted);
  const dataFingerprint = fingerprint(read.flatMap(arraysOf));
  const isKnown =
    (known.dataFingerprint === undefined || known.dataFingerprint === dataFingerprint) &&
    (known.molecule === undefined || isOfBeads(known.molecule, read));
  if (!isKnown) throw changedData(own.sources.flatMap(({ structure, trajectories }) => [structure, ...trajectories]));
  const begun = known.molecule ?? moleculeRecord(read, own);
  const { target, molecules } = begun;
  const units = { scale: begun.scale, kT: thermalEnergy(own.temperature) };
  const weighed = await weightsOfMolecules(read, begun, own, known.fittedWeights, follower);
  const loaded = own.cooling === 'none' ? read : await Promise.all(read.map((one) => cooledMolecule(one, own)));
  const symmetries = molecules.map((one) => (own.symmetries === 'none' ? [] : symmetriesOf(topologyOf(one))));
  const formed = (set: TrainingSet, i: number) => (symmetries[i]!.length > 1 ? inAllForms(set, symmetries[i]!) : set);
  const compared = (data: DataSet) => (symmetries[target]!.length > 1 ? inOneForm(data, symmetries[target]!) : data);
  const sets = (part: 'training' | 'validation'): TrainingSet[] =>
    loaded.flatMap((molecule, i): TrainingSet[] => {
      if (molecule.use !== 'train') return [];
      const weights = weighed[i] && Float32Array.from(weighed[i].weights);
      const features = own.features === 'chemistry' ? moleculeFeatures(molecules[i]!) : undefined;
      const measured = { ...measuredIn(molecule), features, weights };
      const set = trainingSet(measured, units, splitFrames(molecule.data.count, own.validation)[part]);
      return [formed(weights ? drawnSet(set, set.columns.weights!.values) : set, i)];
    });
  const plain = sets('training');
  const molecule = withStatistics(begun, plain, specification);
  const kinds = molecule.byKind && kindsOf(molecule, molecule.byKind).filter((_, i) => molecules[i]!.use === 'train');
  const withKinds = (all: readonly TrainingSet[]) => (kinds ? all.map((set, i) => ({ ...set, own: kinds[i]! })) : all);
  const { data: all, test } = loaded[target]!;
  const drawn = weighed[target] && drawnFrames(weighed[target].weights);
  const frames = compared(drawn ? drawnData(all, drawn) : all);
  const data: RunData = {
    system: systemOf({ specification, molecule }),
    training: withKinds(plain),
    validation: own.validation > 0 ? withKinds(sets('validation')) : [],
    reference: test ? compared(test) : frames,
    known: frames,
    drawn,
  };
  const fitted = weighed.map((one) => one?.fitted ?? null);
  const fittedWeights = fitted.some((one) => one !== null) ? { fittedWeights: fitted } : {};
  return { data, facts: { molecule, dataFingerprint, ...fittedWeights } };
}

/** Where it is trained on. Forces and energies are no longer those of its conformations. */
async function cooledMolecule(molecule: LoadedMolecule, own: MoleculeSpecification): Promise<LoadedMolecule> {
  if (molecule.use !== 'train') return molecule;
  const { forces: _, energies: _unused, ...kept } = molecule;
  const factor = Math.sqrt(own.temperature / own.dataTemperature);
  return { ...kept, data: await cooled(molecule.name, molecule.data, molecule.topology, factor) };
}

const arraysOf = ({ data, test, weights }: LoadedMolecule): { values: Float32Array }[] => [
  data,
  ...(test ? [test] : []),
  ...(weights ? [{ values: weights }] : []),
];

const measuredIn = ({ name, data, forces, energies, weights }: LoadedMolecule) => ({
  name,
  shape: [data.dimension / 3, 3],
  count: data.count,
  positions: data.values,
  forces,
  energies,
  weights,
});

/** Of the molecules that are trained on, where their frames are to be weighed. */
async function weightsOfMolecules(
  loaded: readonly LoadedMolecule[],
  { molecules, scale }: MoleculeRecord,
  own: MoleculeSpecification,
  fittedWeights: DataFacts['fittedWeights'],
  follower: Follower,
): Promise<(Weighed | undefined)[]> {
  const { weights, temperature, dataTemperature } = own;
  const found: (Weighed | undefined)[] = [];
  for (const [i, molecule] of loaded.entries()) {
    if (molecule.use !== 'train' || weights === 'none') {
      found.push(undefined);
      continue;
    }
    const set = trainingSet(measuredIn(molecule), { scale, kT: thermalEnergy(temperature) });
    const weighed = await weigh(set, {
      weights,
      coldness: temperature / dataTemperature,
      statistics: statisticsOf([set], topologyOf(molecules[i]!), scale),
      freeTurnsAlone: own.cooling === 'stiff',
      fitted: fittedWeights?.[i] ?? undefined,
    });
    follower.say(effectiveText(molecule.name, weighed.weights));
    found.push(weighed);
  }
  return found;
}

/** What networks and loss terms begin with, unless the record has it. */
function withStatistics(
  record: MoleculeRecord,
  training: readonly TrainingSet[],
  specification: Specification,
): MoleculeRecord {
  const need = methodOf(specification).needsStatistics?.(specification);
  if (!need || record.statistics || record.byKind) return record;
  if (need === 'one' || need === 'both') requireOneMolecule(training);
  if (need === 'kinds' || need === 'both' || (need === 'any' && training.length > 1)) {
    return { ...record, byKind: pooledByKind(record, training) };
  }
  const topology = topologyOf(record.molecules[record.target]!);
  return { ...record, statistics: statisticsOf(training, topology, record.scale) };
}

const isOfBeads = ({ molecules }: MoleculeRecord, loaded: readonly LoadedMolecule[]): boolean =>
  molecules.length === loaded.length &&
  molecules.every(({ beads, use }, i) => 3 * beads.length === loaded[i]!.data.dimension && use === loaded[i]!.use);

/** Files named in an error, at most. */
const NAMED = 3;

/** The error where data are not those the run began with. */
export function changedData(files: readonly (string | null)[]): ErgodicError {
  const named = files.slice(0, NAMED).map((file) => `\`${file}\``);
  const others = files.length > NAMED ? ` and ${files.length - NAMED} more` : '';
  return new ErgodicError(
    `The data of ${named.join(', ')}${others} have changed since this run began: ` +
      'restore the original files, or start a new run.',
  );
}
