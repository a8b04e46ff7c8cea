/** The data of a run: what is trained on and what is compared with, whatever the system. Not here: loading them. */
import type { DataSet, TrainingSet } from './data-set.ts';
import type { MoleculeRecord } from './molecule-record.ts';
import type { RunSystem } from './run-system.ts';
import type { DrawnFrames, FittedWeight } from './weighted-data.ts';

export interface RunData {
  readonly system: RunSystem;
  readonly training: readonly TrainingSet[];
  /** Held-out frames; empty where the specification holds none out. */
  readonly validation: readonly TrainingSet[];
  /** Conformations of the system that is sampled and simulated; results are compared with them. */
  readonly reference: DataSet;
  /**
   * Those that a model may be trained and chosen by, and replicas start at: the reference itself, unless this is made of
   * frames for testing alone.
   */
  readonly known: DataSet;
  /** Of the conformations that are compared with, where they were drawn by their weights. */
  readonly drawn?: DrawnFrames | undefined;
}

/** What a run record stores about its data. */
export interface DataFacts {
  readonly dataFingerprint?: string;
  readonly molecule?: MoleculeRecord;
  /** Of each molecule, or of the toy, where weights were fitted. */
  readonly fittedWeights?: readonly (FittedWeight | null)[];
}
