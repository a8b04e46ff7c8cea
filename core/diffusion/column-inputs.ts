/** Columns of the training set, beside positions and features, as inputs of the programs whose loss terms ask for them. */
import { type ColumnKind, columns } from '../models/columns.ts';
import type { InputSpec } from '../program/program.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import type { LossTerm } from './loss-term.ts';

/** Each once. */
export const columnsOf = (terms: readonly Pick<LossTerm, 'columns'>[]): ColumnKind[] =>
  [...new Set(terms.flatMap((term) => term.columns ?? []))].map((name) => columns[name]);

/** For configurations of a shape. */
export const columnInputs = (
  wanted: readonly ColumnKind[],
  shape: Shape,
  kind: Omit<InputSpec, 'shape'>,
): Record<string, InputSpec> =>
  Object.fromEntries(wanted.map(({ input, shapeOf }) => [input, { ...kind, shape: shapeOf(shape)! }]));

export const columnTensors = (
  wanted: readonly ColumnKind[],
  inputs: Readonly<Record<string, Tensor>>,
): Record<string, Tensor> => Object.fromEntries(wanted.map(({ input }) => [input, inputs[input]!]));
