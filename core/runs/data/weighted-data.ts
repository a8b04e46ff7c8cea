/**
 * Data that are biased, and the weights that undo it (method §11): found for each configuration, and used by taking each as
 * often as its weight says, so that every method learns from the distribution that is wanted.
 * Fitted factors go into the run record: a run that is opened again has the same weights without forces or energies.
 */
import { z } from 'zod';
import type { Engine } from '../../engines/engine.ts';
import { wasmEngine } from '../../engines/wasm/wasm.ts';
import type { ColumnName } from '../../models/columns.ts';
import type { ConformationStatistics } from '../../models/conformation-statistics.ts';
import { sizeOf } from '../../program/tensor.ts';
import { type Basis, gaussianBasis, internalBasis, sizeOfBasis } from '../../reweighting/basis.ts';
import { basisValues, fittedToEnergies, fittedToForces } from '../../reweighting/fit.ts';
import { boundedWeights, drawnByWeight, effectiveCount, weightsOf } from '../../reweighting/importance.ts';
import type { Specification } from '../../specification/settings.ts';
import type { DataSet, TrainingSet } from './data-set.ts';

type Weighing = Specification['system']['weights'];

const index = z.int().min(0);
const basisSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gaussians'), centres: z.array(z.array(z.number())), widths: z.array(z.number()) }),
  z.strictObject({
    kind: z.literal('internal'),
    pairs: z.array(z.tuple([index, index])),
    means: z.array(z.number()),
    deviations: z.array(z.number()),
    torsions: z.array(z.tuple([index, index, index, index])),
    together: z.array(z.tuple([index, index])),
  }),
]);

/** The logarithm of a weight as a function of the configuration. */
export const fittedWeightSchema = z
  .strictObject({ basis: basisSchema, factors: z.array(z.number()) })
  .refine(({ basis, factors }) => factors.length === sizeOfBasis(basis));
export interface FittedWeight {
  readonly basis: Basis;
  readonly factors: readonly number[];
}

/** What has to be read for them, unless they were fitted before. */
export function weightColumns(weights: Weighing, isFitted: boolean): ColumnName[] {
  if (weights === 'energies') return ['energies'];
  if (isFitted || weights === 'none' || weights === 'given') return [];
  return weights === 'forces' ? ['forces'] : ['energies'];
}

export interface WeighedBy {
  readonly weights: Weighing;
  /** The temperature that is wanted over that of the data. */
  readonly coldness: number;
  /** Of a molecule. */
  readonly statistics?: ConformationStatistics | undefined;
  /** Whether stiff coordinates are brought to the wanted temperature by other means. */
  readonly freeTurnsAlone?: boolean;
  /** From the record of a run. */
  readonly fitted?: FittedWeight | undefined;
}

export interface Weighed {
  /** 1 on average. */
  readonly weights: Float64Array;
  readonly fitted?: FittedWeight | undefined;
}

/** `set`: with the columns that its weights are made of, in model units. */
export async function weigh(set: TrainingSet, by: WeighedBy): Promise<Weighed> {
  const { columns } = set;
  if (by.weights === 'none') return { weights: new Float64Array(set.count).fill(1) };
  if (by.weights === 'given') return { weights: weightsOf(columns.weights!.values.map(Math.log)) };
  // U/kT − U/kT′, with energies in kT of the temperature that is wanted.
  const heated = by.coldness - 1;
  if (by.weights === 'energies') return { weights: weightsOf(columns.energies!.values.map((e) => heated * e)) };
  const engine = wasmEngine({ threads: 1 });
  try {
    const fitted = by.fitted ?? (await fittedWeight(set, by, heated, engine));
    const values = await basisValues(fitted.basis, configurationsOf(set), engine);
    return { weights: boundedWeights(weightsOf(combined(values, fitted.factors))), fitted };
  } finally {
    await engine.dispose();
  }
}

async function fittedWeight(set: TrainingSet, by: WeighedBy, heated: number, engine: Engine): Promise<FittedWeight> {
  const { positions, forces, energies } = set.columns;
  const basis = by.statistics
    ? internalBasis(by.statistics, by.freeTurnsAlone)
    : gaussianBasis(positions.values, sizeOf(positions.shape));
  const of = configurationsOf(set);
  const factors =
    by.weights === 'forces'
      ? await fittedToForces(basis, { ...of, forces: forces!.values }, engine)
      : fittedToEnergies(basis, await basisValues(basis, of, engine), energies!.values).map(
          (factor) => heated * factor,
        );
  return { basis, factors: [...factors] };
}

const configurationsOf = ({ shape, count, columns }: TrainingSet) => ({
  shape,
  count,
  positions: columns.positions.values,
});

function combined(values: Float32Array, factors: readonly number[]): Float64Array {
  return Float64Array.from({ length: values.length / factors.length }, (_, row) =>
    factors.reduce((total, factor, k) => total + factor * values[row * factors.length + k]!, 0),
  );
}

/** Each configuration as often as its weight says, as many in all as there were. */
export function drawnSet(set: TrainingSet, weights: ArrayLike<number>): TrainingSet {
  const drawn = drawnByWeight(weights, set.count);
  const column = <C extends { readonly shape: readonly number[]; readonly values: Float32Array }>(own: C): C => ({
    ...own,
    values: rowsAt(own.values, sizeOf(own.shape), drawn),
  });
  const { positions, forces, energies, features } = set.columns;
  return {
    ...set,
    columns: {
      positions: column(positions),
      features,
      ...(forces ? { forces: column(forces) } : {}),
      ...(energies ? { energies: column(energies) } : {}),
    },
  };
}

export interface DrawnFrames {
  /** Index among those that were read, of one after the other. */
  readonly frames: Uint32Array;
  /** How many of equal weight those that were read are worth. */
  readonly effective: number;
}

export const drawnData = (data: DataSet, { frames }: DrawnFrames): DataSet => ({
  ...data,
  values: rowsAt(data.values, data.dimension, frames),
});

/** The same ones as in a set. */
export const drawnFrames = (weights: ArrayLike<number>): DrawnFrames => ({
  frames: drawnByWeight(weights, weights.length),
  effective: effectiveCount(weights),
});

function rowsAt(values: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  for (const [row, from] of rows.entries()) out.set(values.subarray(from * width, (from + 1) * width), row * width);
  return out;
}

/** For a person. */
export function effectiveText(name: string, weights: ArrayLike<number>): string {
  const effective = effectiveCount(weights);
  const size = Math.round(effective).toLocaleString('en-US');
  const few = effective < FEW ? ' That is few: what is learned is mostly chance.' : '';
  return `${name}: with their weights, ${weights.length.toLocaleString('en-US')} configurations count as much as ${size} of equal weight.${few}`;
}

/** Effective number of configurations below which a person is warned. */
export const FEW = 500;
