/** The data of a run: what is trained on and what is compared with, whatever the system. Not here: loading them. */
import type { DataSet, TrainingSet } from './data-set.ts';
import type { MoleculeRecord } from './molecule-record.ts';
import type { RunSystem } from './run-system.ts';

export interface RunData {
  readonly system: RunSystem;
  readonly training: readonly TrainingSet[];
  /** Held-out frames; empty where the specification holds none out. */
  readonly validation: readonly TrainingSet[];
  /** Conformations of the system that is sampled and simulated. */
  readonly reference: DataSet;
}

/** What a run record stores about data from files. */
export interface DataFacts {
  readonly dataFingerprint?: string;
  readonly molecule?: MoleculeRecord;
}
