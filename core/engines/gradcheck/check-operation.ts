/**
 * Checks one operation on one engine: its value against the oracle, and its forward- and reverse-mode derivative
 * against the oracle's and against central differences in float64.
 *
 * What is differentiated is L = Σ weight · y with random weights, summed over the samples.
 */
import { gradients, tangents } from '../../program/differentiate.ts';
import { mul, spread, sum, sumOverSamples, zeros } from '../../program/primitives.ts';
import { type InputSpec, type Program, trace } from '../../program/program.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import type { Engine, Results } from '../engine.ts';
import { centralDifferences, inner, largest, randomDirection, relativeError, unitDirection } from './differences.ts';
import { normals, randomFrom } from './numbers.ts';
import type { CaseInput, OperationCase } from './operation-cases.ts';

export interface Finding {
  readonly what: string;
  readonly relativeError: number;
}

/** One count that is and one that is not a multiple of the usual vector lengths; differences at the first. */
export const SAMPLE_COUNTS = [5, 8] as const;

const COORDINATES = 2;

/** A derivative in the form of what it was taken with respect to: shared ones of per-sample inputs are repeated. */
export const like = (x: Tensor, derivative: Tensor): Tensor => (x.perSample ? spread(derivative) : derivative);

export const movingInputs = ({ inputs }: Pick<OperationCase, 'inputs'>): string[] =>
  Object.keys(inputs).filter((name) => !inputs[name]!.fixed);

export const dotOf = (name: string): string => `dot ${name}`;
const heldOf = (name: string): string => `held ${name}`;

/** Value, loss, tangent along the `dot` inputs, and the gradient for each moving input under its name. */
export function operationProgram(operation: OperationCase): Program {
  const moving = movingInputs(operation);
  const dots = moving.map((name) => [dotOf(name), operation.inputs[name]!] as const);
  return trace(operation.what, withWeight(operation, { ...operation.inputs, ...Object.fromEntries(dots) }), (x) => {
    const value = operation.body(x);
    const loss = weighted(value, x.weight!);
    const wrt = moving.map((name) => x[name]!);
    const [tangent] = tangents([loss], new Map(moving.map((name) => [x[name]!, x[dotOf(name)]!])));
    const gradient = gradients(loss, wrt).map((g, i) => [moving[i]!, like(wrt[i]!, g)] as const);
    return { end: { value, loss, tangent: tangent ?? zeros([]), ...Object.fromEntries(gradient) } };
  });
}

function lossProgram(operation: OperationCase): Program {
  const { inputs, body, differences } = operation;
  const held = differences ? movingInputs(operation).map((name) => [heldOf(name), inputs[name]!] as const) : [];
  return trace(operation.what, withWeight(operation, { ...inputs, ...Object.fromEntries(held) }), (x) => {
    const frozen = Object.fromEntries(Object.keys(inputs).map((name) => [name, x[heldOf(name)]!]));
    const value = differences ? differences(x, frozen) : body(x);
    return { end: { loss: weighted(value, x.weight!) } };
  });
}

const weighted = (value: Tensor, weight: Tensor): Tensor => {
  const total = sum(mul(value, weight));
  return total.perSample ? sumOverSamples(total) : total;
};

function withWeight({ body }: OperationCase, specs: Readonly<Record<string, CaseInput>>): Record<string, InputSpec> {
  const probe = trace('probe', specs, (x) => ({ end: { value: body(x) } })).outputs[0]!.tensor;
  return { ...specs, weight: { shape: probe.shape, perSample: probe.perSample } };
}

/** Numbers for every input of `operationProgram` and of the program that differences are taken of. */
export function operationInputs(operation: OperationCase, program: Program, samples: number, seed: number) {
  const random = randomFrom(seed);
  const arrays: Record<string, ArrayLike<number>> = {};
  for (const { name, shape, perSample } of program.inputs) {
    const recipe = operation.inputs[name]?.numbers ?? normals();
    arrays[name] = recipe(sizeOf(shape) * (perSample ? samples : 1), random);
  }
  for (const name of movingInputs(operation)) arrays[heldOf(name)] = arrays[name]!;
  return arrays;
}

export async function checkOperation(engine: Engine, reference: Engine, operation: OperationCase): Promise<Finding[]> {
  const program = operationProgram(operation);
  const moving = movingInputs(operation);
  const [own, oracle, loss] = [
    await engine.compile(program),
    await reference.compile(program),
    await reference.compile(lossProgram(operation)),
  ];
  let value = 0;
  let forward = 0;
  let reverse = 0;
  for (const samples of SAMPLE_COUNTS) {
    const inputs = operationInputs(operation, program, samples, samples);
    const [found, expected] = [await own.run({ samples, inputs }), await oracle.run({ samples, inputs })];
    const apart = (name: string, floor?: number) => relativeError(found[name]!, expected[name]!, floor);
    value = Math.max(value, apart('value'));
    forward = Math.max(forward, apart('tangent', termScale(moving, inputs, expected)));
    for (const name of moving) reverse = Math.max(reverse, apart(name));
    if (samples !== SAMPLE_COUNTS[0]) continue;

    const random = randomFrom(samples + 1);
    const dots = Object.fromEntries(moving.map((name) => [name, inputs[dotOf(name)]!]));
    const { loss: along } = await centralDifferences(loss, samples, inputs, dots);
    forward = Math.max(forward, relativeError(found.tangent!, along!, termScale(moving, inputs, expected)));
    for (const name of moving) {
      const values = inputs[name]!;
      const gradient = found[name]!;
      const anywhere = () => Math.floor(random.uniform() * values.length);
      const directions = [
        ...Array.from({ length: COORDINATES }, () => unitDirection(values.length, anywhere())),
        randomDirection(values, random),
      ];
      for (const d of directions) {
        const { loss: slope } = await centralDifferences(loss, samples, inputs, { [name]: d });
        const scale = Math.max(1e-4, largest(gradient) * largest(d));
        reverse = Math.max(reverse, relativeError([inner(gradient, d)], slope!, scale));
      }
    }
  }
  for (const executable of [own, oracle, loss]) executable.dispose();
  const name = operation.what;
  return [
    { what: `${name}: value`, relativeError: value },
    ...(moving.length > 0
      ? [
          { what: `${name}: forward`, relativeError: forward },
          { what: `${name}: reverse`, relativeError: reverse },
        ]
      : []),
  ];
}

/** The tangent is a sum of many terms of either sign, and cannot be more exact than the largest of them. */
const termScale = (moving: readonly string[], inputs: Readonly<Record<string, ArrayLike<number>>>, expected: Results) =>
  Math.max(1e-4, ...moving.map((name) => largest(expected[name]!) * largest(inputs[dotOf(name)]!)));
