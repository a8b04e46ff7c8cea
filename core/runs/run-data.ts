/**
 * The data of a run: what is trained on and what is compared with, whatever the system. Loaded once when a run begins,
 * and again, to the same bits, when it goes on.
 */
import { ErgodicError } from '../errors.ts';
import { type FrameRange, splitFrames } from '../systems/split.ts';
import { type DataSet, fingerprint, type TrainingSet } from './data-set.ts';
import type { Follower } from './follower.ts';
import { loadMolecules } from './molecule-data.ts';
import { type MoleculeRecord, moleculeFeatures, moleculeRecord, targetOf } from './molecule-system.ts';
import type { MoleculeSpecification, Specification, ToySpecification } from './parameters.ts';
import { type RunSystem, type Subject, systemOf } from './run-system.ts';
import { toyData } from './toy-data.ts';

export interface RunData {
  readonly system: RunSystem;
  readonly training: readonly TrainingSet[];
  /** Not trained on, where the specification sets some aside. */
  readonly validation: readonly TrainingSet[];
  /** Conformations of what is sampled and simulated. */
  readonly reference: DataSet;
}

/** What a run's record keeps about data from files. */
export interface DataFacts {
  readonly dataFingerprint?: string;
  readonly molecule?: MoleculeRecord;
}

/** For a new run, from its files. */
export async function loadData(
  specification: Specification,
  follower: Follower,
): Promise<{ data: RunData; facts: DataFacts }> {
  const { system } = specification;
  return system.kind === 'molecule'
    ? moleculeData(specification, system, follower)
    : simpleData(specification, system, follower);
}

/** For a run that was begun before: the same data as then. */
export async function reloadData(
  { specification, ...facts }: Subject & DataFacts,
  follower: Follower,
): Promise<RunData> {
  const { data, facts: found } = await loadData(specification, follower);
  if (facts.dataFingerprint !== undefined && found.dataFingerprint !== facts.dataFingerprint) {
    const { system } = specification;
    const files = system.kind === 'molecule' ? system.sources.map(({ structure }) => structure) : [system.data];
    throw new ErgodicError(
      `The data of ${files.map((file) => `\`${file}\``).join(', ')} have changed since this run was begun: ` +
        'put the originals back, or start a new run.',
    );
  }
  return data;
}

async function simpleData(specification: Specification, toy: ToySpecification, follower: Follower) {
  const system = systemOf({ specification });
  const data = await toyData(toy, follower.task('training data'));
  const training = [{ shape: system.shape, data, scale: system.scale }];
  const facts: DataFacts = toy.data === null ? {} : { dataFingerprint: fingerprint([data]) };
  return { data: { system, training, validation: [], reference: data }, facts };
}

async function moleculeData(specification: Specification, own: MoleculeSpecification, follower: Follower) {
  const loaded = await loadMolecules(own, follower.task('reading conformations'), (line) => follower.say(line));
  const molecule = moleculeRecord(loaded, own);
  const system = systemOf({ specification, molecule });
  const sets = (part: 'training' | 'validation'): TrainingSet[] =>
    loaded
      .filter(({ use }) => use === 'train')
      .map(({ topology, data }) => ({
        shape: [topology.atoms.length, 3],
        data: framesIn(data, splitFrames(data.count, own.validation)[part]),
        scale: molecule.scale,
        features: own.features === 'chemistry' ? moleculeFeatures(topology) : undefined,
      }));
  const data: RunData = {
    system,
    training: sets('training'),
    validation: own.validation > 0 ? sets('validation') : [],
    reference: loaded[targetOf(loaded)]!.data,
  };
  return { data, facts: { molecule, dataFingerprint: fingerprint(loaded.map((one) => one.data)) } };
}

/** Without a copy where it is all of them. */
function framesIn(data: DataSet, ranges: readonly FrameRange[]): DataSet {
  const { dimension, values } = data;
  const count = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  if (count === data.count) return data;
  const picked = new Float32Array(count * dimension);
  let filled = 0;
  for (const { start, end } of ranges) {
    picked.set(values.subarray(start * dimension, end * dimension), filled);
    filled += (end - start) * dimension;
  }
  return { dimension, count, values: picked };
}
