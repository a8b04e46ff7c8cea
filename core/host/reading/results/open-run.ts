/**
 * A run as far as its record tells: its system and plane, and the sets that belong to it. What it learned from lies in
 * the files that it names, which may be gone, or others by now; what it made lies in its folder.
 */
import { join } from 'node:path';
import { ErgodicError } from '../../../errors.ts';
import { changedData } from '../../../runs/data/load-data.ts';
import { targetSource } from '../../../runs/data/molecule-record.ts';
import { dimensionOf, type RunSystem, systemOf } from '../../../runs/data/run-system.ts';
import { type RunRecord, readRunRecord } from '../../../runs/run-folder.ts';
import { samplesResult, simulationResult } from '../../../runs/run-results.ts';
import type { MoleculeSpecification } from '../../../specification/settings.ts';
import type { Topology } from '../../../systems/topology.ts';
import type { SetName } from '../../contract.ts';
import type { Loaded } from '../drafts/loaded-data.ts';
import { stampedKey } from '../files/open-files.ts';
import type { Reading } from '../reading.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { ConformationSet } from './conformation-set.ts';
import { referenceSet } from './reference-set.ts';

export interface OpenRun {
  readonly folder: string;
  readonly record: RunRecord;
  readonly system: RunSystem;
  /** Says which plane it is. */
  readonly plane: string;
}

export interface MolecularRun extends OpenRun {
  readonly own: MoleculeSpecification;
  readonly topology: Topology;
}

const MOST_RUNS = 16;

export class OpenRuns {
  readonly #recent = new RecentlyUsed<OpenRun>(MOST_RUNS);

  async open(folder: string): Promise<OpenRun> {
    const record = join(folder, 'run.json');
    // Where there is none, reading it says so better.
    const key = await stampedKey([record]).catch((error: unknown) => {
      if (!(error instanceof ErgodicError)) throw error;
      return record;
    });
    return this.#recent.get(key, async () => {
      const found = await readRunRecord(folder);
      const { system, evaluate } = found.specification;
      const plane = JSON.stringify([found.molecule?.plane ?? system.kind, evaluate]);
      return { folder, record: found, system: systemOf(found), plane };
    });
  }
}

/** Of a toy there is nothing to be drawn. */
export function molecularRun(run: OpenRun): MolecularRun {
  const { system: own, name } = run.record.specification;
  const { topology } = run.system;
  if (own.kind === 'molecule' && topology) return { ...run, own, topology };
  throw new ErgodicError(`\`${name}\` is a run of ${own.kind}, whose configurations are points without a structure.`);
}

/** Undefined where it is not made yet. The reference is loaded whole. */
export async function setOf(run: OpenRun, name: SetName, reading: Reading): Promise<ConformationSet | undefined> {
  if (name === 'reference') return referenceSet(await loadedData(run, reading));
  const { folder, record, system } = run;
  const part = (name === 'samples' ? samplesResult : simulationResult)(record.specification, system);
  return reading.caches.sets.of(name, folder, part, reading.follower.task('reading'));
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
  if (isKnown) return loaded;
  if (own.kind !== 'molecule') throw changedData([own.data]);
  const { structure, trajectories } = targetSource(own);
  throw changedData([structure, ...trajectories]);
}
