/**
 * A program: named inputs, named outputs and the state that a loop carries, over one traced graph.
 *
 * Everything the product computes is one of these: a force, a training step, a Langevin step. An engine compiles it
 * and runs `steps` repetitions in one call; what happens between two steps is only that the state moves on.
 */
import { input } from './primitives.ts';
import { reachable, type Shape, sameShape, type Tensor } from './tensor.ts';

export interface InputSpec {
  readonly shape: Shape;
  readonly perSample?: boolean;
  /** A new value for every step of the loop: the array then holds `steps` of them, one after the other. */
  readonly perStep?: boolean;
  /** Carried from step to step: the program returns its next value under `state`. */
  readonly state?: boolean;
}

/** `end`: after the last step. `step`: every step. `stride`: after every stride-th step. */
export type When = 'end' | 'step' | 'stride';

export interface ProgramInput extends Required<InputSpec> {
  readonly name: string;
  readonly tensor: Tensor;
  readonly next: Tensor | undefined;
}

export interface ProgramOutput {
  readonly name: string;
  readonly tensor: Tensor;
  readonly when: When;
}

export interface Program {
  readonly name: string;
  readonly inputs: readonly ProgramInput[];
  readonly outputs: readonly ProgramOutput[];
}

export interface Traced {
  readonly state?: Readonly<Record<string, Tensor>>;
  readonly end?: Readonly<Record<string, Tensor>>;
  readonly step?: Readonly<Record<string, Tensor>>;
  readonly stride?: Readonly<Record<string, Tensor>>;
}

/** Runs the function once on symbols and keeps what it did. */
export function trace<S extends Record<string, InputSpec>>(
  name: string,
  specs: S,
  body: (inputs: { readonly [K in keyof S]: Tensor }) => Traced,
): Program {
  const symbols = Object.fromEntries(
    Object.entries(specs).map(([key, spec]) => [key, input(key, spec.shape, spec.perSample ?? false)]),
  ) as { [K in keyof S]: Tensor };
  const traced = body(symbols);
  refuseMistakes(name, specs, traced, Object.values(symbols));
  const inputs = Object.entries(specs).map(([key, spec]): ProgramInput => {
    const tensor = symbols[key]!;
    const next = traced.state?.[key];
    if ((spec.state ?? false) !== (next !== undefined)) {
      throw new Error(
        `Program '${name}': '${key}' ${next ? 'is not declared as state' : 'is state but has no next value'}.`,
      );
    }
    if (next?.perSample && !tensor.perSample) {
      throw new Error(`Program '${name}': the shared state '${key}' cannot become per-sample.`);
    }
    return {
      name: key,
      tensor,
      next,
      shape: spec.shape,
      perSample: spec.perSample ?? false,
      perStep: spec.perStep ?? false,
      state: spec.state ?? false,
    };
  });
  const outputs = (['end', 'step', 'stride'] as const).flatMap((when) =>
    Object.entries(traced[when] ?? {}).map(([key, tensor]): ProgramOutput => ({ name: key, tensor, when })),
  );
  return { name, inputs, outputs };
}

/** What would otherwise give wrong numbers without a word. */
function refuseMistakes(
  name: string,
  specs: Readonly<Record<string, InputSpec>>,
  traced: Traced,
  own: readonly Tensor[],
): void {
  const refuse = (what: string) => {
    throw new Error(`Program '${name}': ${what}.`);
  };
  for (const [key, next] of Object.entries(traced.state ?? {})) {
    const spec = specs[key];
    if (!spec) refuse(`the state '${key}' is not an input`);
    else if (spec.perStep) refuse(`'${key}' cannot be both state and per step`);
    else if (!sameShape(spec.shape, next.shape))
      refuse(`the state '${key}' has shape [${spec.shape}] but its next value [${next.shape}]`);
  }
  const names = [traced.state, traced.end, traced.step, traced.stride].flatMap((group) => Object.keys(group ?? {}));
  const twice = names.find((key, i) => names.indexOf(key) !== i);
  if (twice !== undefined) refuse(`two results are called '${twice}'`);
  const results = [traced.state, traced.end, traced.step, traced.stride].flatMap((group) => Object.values(group ?? {}));
  const foreign = reachable(results).find((y) => y.primitive === 'input' && !own.includes(y));
  if (foreign) refuse(`its results depend on '${foreign.attributes.name}', which is not one of its inputs`);
}

/** The tensors a program must compute in one step. */
export const rootsOf = (program: Program): Tensor[] => [
  ...program.inputs.flatMap(({ next }) => (next ? [next] : [])),
  ...program.outputs.map(({ tensor }) => tensor),
];
