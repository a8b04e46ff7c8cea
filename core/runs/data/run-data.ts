/** The data of a run: what is trained on and what is compared with, whatever the system. Not here: loading them. */
import type { DataSet, TrainingSet } from './data-set.ts';
import type { MoleculeRecord } from './molecule-record.ts';
import type { RunSystem } from './run-system.ts';

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
