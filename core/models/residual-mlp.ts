/**
 * A small residual network of features and time features to one number for each row (method §4):
 * `h₁ = SiLU(W f + T τ + b)`, `h_l = SiLU(W h + T τ + b) + h`, `w·h`. It starts near zero, so that training begins at
 * whatever energy it is added to.
 */
import { silu } from '../program/functions.ts';
import { add, concat, matmul, reshape } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { bias, type NamedTensors, type ParameterSpec, weight } from './parameters.ts';

export interface ResidualMlp {
  readonly hidden: number;
  readonly layers: number;
}

const FIRST_OUTPUT = 0.1;
const FIRST_TIME = 0.5;

export const residualMlpSettings = {
  hidden: { type: 'whole', min: 1, max: 4096, default: 96, help: 'Width of the hidden layers.' },
  layers: { type: 'whole', min: 1, max: 64, default: 3, help: 'Hidden layers.' },
} as const;

export const residualMlpParameters = (
  { hidden, layers }: ResidualMlp,
  features: number,
  times: number,
): ParameterSpec[] => [
  ...Array.from({ length: layers }, (_, l) => [
    weight(`layer${l}`, l === 0 ? features : hidden, hidden),
    { ...weight(`layer${l}.time`, times, hidden), gain: FIRST_TIME },
    bias(`layer${l}`, hidden),
  ]).flat(),
  { ...weight('out', hidden, 1), gain: FIRST_OUTPUT },
];

/** features [rows, F], times [1, T] → [rows]. */
export function residualMlp({ layers }: ResidualMlp, weights: NamedTensors, features: Tensor, times: Tensor): Tensor {
  let h = features;
  for (let l = 0; l < layers; l++) {
    const fromTime = add(matmul(times, weights[`layer${l}.time.w`]!), weights[`layer${l}.b`]!);
    const fresh = silu(add(matmul(h, weights[`layer${l}.w`]!), fromTime));
    h = l === 0 ? fresh : add(fresh, h);
  }
  return reshape(matmul(h, weights['out.w']!), [features.shape[0]!]);
}

/** Numbers [] as one row, [1, n]. */
export const rowOf = (numbers: readonly Tensor[]): Tensor =>
  concat(
    numbers.map((each) => reshape(each, [1, 1])),
    1,
  );
