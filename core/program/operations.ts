/**
 * How much a step of a program asks of whatever computes it, after the passes that avoid some of it: arithmetic, once
 * per sample or once for all, and numbers to be read and written. What is done once for each call is not counted.
 */
import { optimise } from './passes/optimise.ts';
import { stagesOf } from './passes/stages.ts';
import { ruleOf } from './primitives.ts';
import { type Program, rootsOf } from './program.ts';
import { reachable, sizeOf, type Tensor } from './tensor.ts';

/** Multiplications and additions of the matrix products alone. */
export const productOperations = (program: Program, samples: number): number =>
  operations(program, samples, (y) => y.primitive === 'matmul');

/** Of everything; a tanh counts as the dozen and a half that it takes. */
export const allOperations = (program: Program, samples: number): number => operations(program, samples, () => true);

/** Of everything that a step does for one sample, of a program that the passes have seen. */
export const operationsOfSample = (optimised: Program): number =>
  reachable(rootsOf(optimised))
    .filter(({ perSample }) => perSample)
    .reduce((total, y) => total + ruleOf(y).cost(y), 0);

function operations(program: Program, samples: number, counts: (y: Tensor) => boolean): number {
  const optimised = optimise(program);
  const stages = stagesOf(optimised);
  return reachable(rootsOf(optimised))
    .filter((y) => counts(y) && stages.get(y) !== 'call')
    .reduce((total, y) => total + ruleOf(y).cost(y) * (y.perSample ? samples : 1), 0);
}

/** At least: inputs and states are read once, states and what is told of each step written once, in 32 bits. */
export function leastBytes({ inputs, outputs }: Program, samples: number): number {
  const numbers = (y: { readonly shape: readonly number[]; readonly perSample?: boolean }) =>
    sizeOf(y.shape) * (y.perSample ? samples : 1);
  const read = inputs.map((input) => numbers(input) * (input.next ? 2 : 1));
  const written = outputs.filter(({ when }) => when === 'step').map(({ tensor }) => numbers(tensor));
  return 4 * [...read, ...written].reduce((sum, count) => sum + count, 0);
}
