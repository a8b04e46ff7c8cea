/** For tests only: traces a function of named arrays, runs it once on the float64 oracle and returns its outputs. */
import { referenceEngine } from '../engines/reference/reference.ts';
import { type Program, trace } from '../program/program.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';

export interface Given {
  readonly shape: Shape;
  readonly values: ArrayLike<number>;
  readonly perSample?: boolean;
}

type Outputs = Readonly<Record<string, Tensor>>;

export async function evaluated<G extends Record<string, Given>>(
  given: G,
  body: (inputs: { readonly [K in keyof G]: Tensor }) => Outputs,
  { samples = 1, seed = 0 } = {},
): Promise<Record<string, Float64Array>> {
  const program = trace('test', given, (inputs) => ({ end: body(inputs as { readonly [K in keyof G]: Tensor }) }));
  return run(program, Object.fromEntries(Object.entries(given).map(([key, { values }]) => [key, values])), {
    samples,
    seed,
  });
}

export async function run(
  program: Program,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  call: { samples?: number; steps?: number; stride?: number; seed?: number; firstStep?: number } = {},
): Promise<Record<string, Float64Array>> {
  const executable = await referenceEngine().compile(program);
  return (await executable.run({ samples: 1, ...call, inputs })) as Record<string, Float64Array>;
}

/** Reproducible numbers without a pattern, of size about one. */
export const numbers = (count: number, seed = 1): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => {
    const s = Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453;
    return 2.4 * (s - Math.floor(s)) - 1.2;
  });

export const numbersFor = (shape: Shape, seed = 1): Given => ({ shape, values: numbers(sizeOf(shape), seed) });

/** Largest |a − b| over the largest |b|. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    difference = Math.max(difference, Math.abs(a[i]! - b[i]!));
    size = Math.max(size, Math.abs(b[i]!));
  }
  return difference / size;
}
