/**
 * The sets that belong to a run: the data it is compared with, its samples, its simulation. What it learned from lies in
 * the files that its record names, which may be gone, or others by now; what it made lies in its folder.
 */
import { ErgodicError } from '../../../errors.ts';
import { changedData } from '../../../runs/data/load-data.ts';
import { targetSource } from '../../../runs/data/molecule-record.ts';
import { dimensionOf } from '../../../runs/data/run-system.ts';
import { samplesResult, simulationResult } from '../../../runs/run-results.ts';
import type { SetName } from '../../contract.ts';
import type { Loaded } from '../drafts/loaded-data.ts';
import type { Reading } from '../reading.ts';
import type { ConformationSet } from './conformation-set.ts';
import type { OpenRun } from './open-run.ts';
import { referenceSet } from './reference-set.ts';

/** Undefined where it is not made yet. The reference is loaded whole. */
export async function setOf(run: OpenRun, name: SetName, reading: Reading): Promise<ConformationSet | undefined> {
  if (name === 'reference') return referenceSet(await loadedData(run, reading));
  const { folder, record, system } = run;
  const result = (name === 'samples' ? samplesResult : simulationResult)(record.specification, system);
  return reading.caches.sets.of(name, folder, result, reading.follower.task('reading'));
}

const notMade = { reference: 'is no reference', samples: 'are no samples', simulation: 'is no simulation' } as const;

export const absentSet = (name: SetName): ErgodicError => new ErgodicError(`There ${notMade[name]} in this run yet.`);

/** The data that a run is compared with; a sentence where they are not what they were when it was begun. */
export async function loadedData(
  { record, system }: OpenRun,
  { caches, follower }: Pick<Reading, 'caches' | 'follower'>,
): Promise<Loaded> {
  const { specification, dataFingerprint } = record;
  const { system: own } = specification;
  const loaded = await caches.data.of(own, follower);
  // Of several molecules the record knows all their data together only.
  const isAlone = own.kind !== 'molecule' || own.sources.length === 1;
  const isKnown =
    loaded.data.dimension === dimensionOf(system) &&
    (!isAlone || dataFingerprint === undefined || loaded.fingerprint() === dataFingerprint);
  if (isKnown) return caches.data.comparedWith(record, loaded, follower);
  if (own.kind !== 'molecule') throw changedData([own.data]);
  const { structure, trajectories } = targetSource(own);
  throw changedData([structure, ...trajectories]);
}
