/** A run as far as its record tells: its system and its plane. Its sets are in run-sets.ts. */
import { join } from 'node:path';
import { ErgodicError } from '../../../errors.ts';
import { type RunSystem, systemOf } from '../../../runs/data/run-system.ts';
import { type RunRecord, readRunRecord } from '../../../runs/run-folder.ts';
import type { MoleculeSpecification } from '../../../specification/settings.ts';
import type { Topology } from '../../../systems/topology.ts';
import { stampedKey } from '../files/open-files.ts';
import { RecentlyUsed } from '../recently-used.ts';

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
