/**
 * The columns of a training set, as one table: positions, and where known features, forces, energies, weights. A method
 * names the columns it trains on; a batch hands them to the program by their input names.
 * All numbers are in model units: lengths in data scales, energies in kT. Not here: where the numbers come from
 * (`run-data.ts`), and which configurations a step sees (`batches.ts`).
 */
import { ErgodicError } from '../errors.ts';
import type { Shape } from '../program/tensor.ts';

export type ColumnName = 'positions' | 'features' | 'forces' | 'energies' | 'weights';

export interface ColumnKind {
  /** Of the programs that learn from it. */
  readonly input: string;
  /** Shape of one configuration's numbers, by the shape of the configuration; undefined where each set has its own. */
  readonly shapeOf: (configuration: Shape) => Shape | undefined;
  /** Whether all configurations of a set have the same numbers, stored once. */
  readonly isShared: boolean;
  /** Whether the numbers turn with the configuration. */
  readonly isVector: boolean;
  readonly unit: string;
  /** Ends the sentence "… has no forces, but this model trains on them: ". */
  readonly remedy: string;
}

const same = (configuration: Shape): Shape => configuration;
const scalar = (): Shape => [];

export const columns: Readonly<Record<ColumnName, ColumnKind>> = {
  positions: {
    input: 'x0',
    shapeOf: same,
    isShared: false,
    isVector: true,
    unit: 'data scales',
    remedy: 'add a trajectory',
  },
  features: {
    input: 'features',
    shapeOf: () => undefined,
    isShared: true,
    isVector: false,
    unit: 'one-hot, or as the table of bead features says',
    remedy: 'set `system.features` to chemistry',
  },
  /** −∇U/kT by scaled positions: the score of the Boltzmann distribution. */
  forces: {
    input: 'forces',
    shapeOf: same,
    isShared: false,
    isVector: true,
    unit: 'kT per data scale',
    remedy: 'use a trajectory with forces (TRR, extended XYZ, NPZ), or a method that does not need them',
  },
  /** Potential energies, each set with a zero of its own. */
  energies: {
    input: 'energies',
    shapeOf: scalar,
    isShared: false,
    isVector: false,
    unit: 'kT',
    remedy: 'use a trajectory with energies (extended XYZ, NPZ), or a method that does not need them',
  },
  weights: {
    input: 'weights',
    shapeOf: scalar,
    isShared: false,
    isVector: false,
    unit: 'relative to one another',
    remedy: 'use data with weights, or a method that does not need them',
  },
};

/** In the order of the table. */
export const columnNames = Object.keys(columns) as ColumnName[];

export interface Column {
  /** Of one configuration's numbers; [] for a single number. */
  readonly shape: Shape;
  /** One configuration after the other, or, of a shared column, those of any one. */
  readonly values: Float32Array;
}

export type Columns = { readonly positions: Column } & {
  readonly [Name in Exclude<ColumnName, 'positions'>]?: Column | undefined;
};

interface Source {
  /** What a person calls it: a file, a molecule. */
  readonly name: string;
  readonly columns: Columns;
}

/** An error unless every set has every column that is needed. */
export function requireColumns(sets: readonly Source[], needed: readonly ColumnName[]): void {
  for (const name of columnNames.filter((each) => needed.includes(each))) {
    const without = sets.filter((set) => set.columns[name] === undefined).map((set) => set.name);
    if (without.length > 0) throw missingColumn(name, without);
  }
}

/** `sources`: files or molecules that lack it, at least one. */
export function missingColumn(name: ColumnName, sources: readonly string[]): ErgodicError {
  const [first, ...others] = sources;
  const subject = others.length > 0 ? `\`${first}\` and ${others.length} more have` : `\`${first}\` has`;
  return new ErgodicError(`${subject} no ${name}, but this model trains on them: ${columns[name].remedy}.`);
}
