/**
 * Configurations in memory, as numbers: training data and references.
 */
import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { ErgodicError } from '../../errors.ts';
import { type Column, type Columns, columns as columnKinds } from '../../models/columns.ts';
import type { ConfigurationSize } from '../../models/network.ts';
import type { Shape } from '../../program/tensor.ts';
import { sizeOf } from '../../program/tensor.ts';
import type { FrameRange } from '../../systems/split.ts';

export interface DataSet {
  /** Numbers of one configuration. */
  readonly dimension: number;
  readonly count: number;
  /** Configuration after configuration, in the units of the system (nm for molecules). */
  readonly values: Float32Array;
}

/** Configurations of one shape as a network sees them, in model units. */
export interface TrainingSet {
  /** What a person calls it: a file, a molecule. */
  readonly name: string;
  /** Of one configuration. */
  readonly shape: Shape;
  readonly count: number;
  readonly columns: Columns;
  /** Where networks know beads by their kinds: the same object for molecules that are alike in them. */
  readonly own?: Pick<ConfigurationSize, 'statistics' | 'kinds'> | undefined;
}

/** What configurations have in common that one program is made for. */
export const sizeOfSet = ({ shape, own }: TrainingSet): ConfigurationSize => ({ shape, ...own });

/** Sets whose configurations can share a batch, in the order of their first ones. */
export function alike(sets: readonly TrainingSet[]): TrainingSet[][] {
  const groups: TrainingSet[][] = [];
  const key = ({ shape, columns: { features } }: TrainingSet) => `${shape} ${features?.shape ?? ''}`;
  for (const set of sets) {
    const group = groups.find(([first]) => key(first!) === key(set) && first!.own === set.own);
    if (group) group.push(set);
    else groups.push([set]);
  }
  return groups;
}

/** Data as read or generated, in the units of the system (nm and kJ/mol for molecules). */
export interface Measured {
  readonly name: string;
  readonly shape: Shape;
  readonly count: number;
  readonly positions: Float32Array;
  readonly features?: Column | undefined;
  readonly forces?: Float32Array | undefined;
  /** One number for each configuration. */
  readonly energies?: Float32Array | undefined;
  readonly weights?: Float32Array | undefined;
}

/** The units of the model, in those of the system. */
export interface ModelUnits {
  /** What positions are divided by before the model sees them. */
  readonly scale: number;
  readonly kT: number;
}

/** Converts to model units; only the frames in `ranges`, where given. Copies arrays only where something changes. */
export function trainingSet(
  measured: Measured,
  { scale, kT }: ModelUnits,
  ranges?: readonly FrameRange[],
): TrainingSet {
  const { name, shape, features } = measured;
  const picked = ranges ?? [{ start: 0, end: measured.count }];
  const column = (
    kind: 'positions' | 'forces' | 'energies' | 'weights',
    convert: ((value: number) => number) | undefined,
  ) => {
    const values = measured[kind];
    const own = columnKinds[kind].shapeOf(shape)!;
    return values && { shape: own, values: rowsIn(values, sizeOf(own), picked, convert) };
  };
  const force = scale / kT;
  return {
    name,
    shape,
    count: picked.reduce((sum, { start, end }) => sum + end - start, 0),
    columns: {
      // The quotient, not the product with an inverse, which would round twice.
      positions: column('positions', scale === 1 ? undefined : (value) => value / scale)!,
      features,
      forces: column('forces', force === 1 ? undefined : (value) => value * force),
      energies: column('energies', kT === 1 ? undefined : (value) => value / kT),
      weights: column('weights', undefined),
    },
  };
}

/** Rows of the ranges, converted; the array itself where these are all of them and nothing is converted. */
function rowsIn(
  values: Float32Array,
  width: number,
  ranges: readonly FrameRange[],
  convert: ((value: number) => number) | undefined,
): Float32Array {
  const count = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  if (!convert && count * width === values.length) return values;
  const rows = allocated(count * width, 'The training data', 'use fewer configurations');
  let filled = 0;
  for (const { start, end } of ranges) {
    const own = values.subarray(start * width, end * width);
    if (convert) for (let i = 0; i < own.length; i++) rows[filled + i] = convert(own[i]!);
    else rows.set(own, filled);
    filled += own.length;
  }
  return rows;
}

/** An array, or an error where memory is too small: `what` begins the sentence, `remedy` ends it. */
export function allocated(numbers: number, what: string, remedy: string): Float32Array<ArrayBuffer> {
  const tooMuch = () => new ErgodicError(`${what} would take ${(numbers * 4e-9).toFixed(1)} GB of memory: ${remedy}.`);
  // Systems overcommit: an allocation may succeed and the process be killed when it uses the memory.
  if (4 * numbers > totalmem()) throw tooMuch();
  try {
    return new Float32Array(numbers);
  } catch {
    throw tooMuch();
  }
}

/** Bytes that a hash takes at once. */
const HASHED_AT_ONCE = 2 ** 30;

/** Stored in the run record, to detect that files have changed. */
export function fingerprint(sets: readonly Pick<DataSet, 'values'>[]): string {
  const hash = createHash('sha256');
  for (const { values } of sets) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
  }
  return hash.digest('hex');
}

/** Data points evenly spaced over the data set. */
export function spaced({ values, dimension, count }: DataSet, wanted: number): Float32Array {
  const points = new Float32Array(wanted * dimension);
  for (let i = 0; i < wanted; i++) {
    const row = Math.floor(((i + 0.5) * count) / wanted) % count;
    points.set(values.subarray(row * dimension, (row + 1) * dimension), i * dimension);
  }
  return points;
}
