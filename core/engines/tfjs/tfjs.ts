/**
 * TensorFlow.js as an engine: the road to CUDA for those who have it, and an independent witness in the tests.
 *
 * Interprets a program over the whole batch, one `tf.*` expression for each primitive (`operations.ts`), and keeps
 * the state of a loop on the device. It never calls tf.grad. Slower than the `wasm` engine wherever there is no GPU:
 * every primitive is a call of its own, and every intermediate result goes through memory.
 */
import { ErgodicError } from '../../errors.ts';
import type { Program } from '../../program/program.ts';
import { randomArray } from '../../program/random-arrays.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { type Call, checkedCall, type Engine, type Executable, type Results } from '../engine.ts';
import { type Backend, type Loaded, type LoadOutcome, loadTensorFlow } from './load.ts';
import { deviceShape, isSummedMatmul, operations, summedMatmul, type Value } from './operations.ts';
import { operandsOf, type Schedule, schedule } from './schedule.ts';

export interface TfjsOptions {
  /** The best that is installed, by default. */
  readonly backend?: Backend;
}

export function tfjsEngine({ backend }: TfjsOptions = {}): Engine {
  let outcome: Promise<LoadOutcome> | undefined;
  const load = () => {
    outcome ??= loadTensorFlow(backend);
    return outcome;
  };
  return {
    name: 'tfjs',
    describe: async () => {
      const loaded = await load();
      const common = { name: 'tfjs', threads: 1, precision: 2 ** -24 } as const;
      return 'reason' in loaded
        ? { ...common, available: false, device: 'none', reason: loaded.reason }
        : { ...common, available: true, device: loaded.device };
    },
    compile: async (program) => {
      const loaded = await load();
      if ('reason' in loaded) throw new ErgodicError(loaded.reason);
      return compile(loaded, program);
    },
    dispose: async () => {},
  };
}

function compile(loaded: Loaded, program: Program): Executable {
  const plan = schedule(program);
  return {
    run: async (call) => {
      // The back end is a global setting of TensorFlow.js, and this may not be the only engine in the process.
      await loaded.tf.setBackend(loaded.backend);
      let results: Results = {};
      loaded.tf.tidy(() => {
        results = run(loaded, program, plan, checkedCall(program, call));
      });
      return results;
    },
    dispose: () => {},
  };
}

type Values = Map<Tensor, Value>;

function run({ tf }: Loaded, program: Program, plan: Schedule, call: Required<Call>): Results {
  const { samples, steps, stride, inputs } = call;
  const upload = (x: Tensor, numbers: Float32Array): Value => tf.tensor(numbers, deviceShape(x, samples), 'float32');
  const length = (x: Tensor) => sizeOf(deviceShape(x, samples));

  const held: Values = new Map();
  const streams: { tensor: Tensor; numbers: Float32Array }[] = [];
  for (const { name, tensor, perStep } of program.inputs) {
    const numbers = Float32Array.from(inputs[name]!);
    if (perStep) streams.push({ tensor, numbers });
    else held.set(tensor, upload(tensor, numbers));
  }
  const results: Record<string, Float32Array> = {};
  for (const { name, tensor, when } of program.outputs) {
    const records = when === 'step' ? steps : when === 'stride' ? Math.floor(steps / stride) : 1;
    results[name] = new Float32Array(records * length(tensor));
  }

  /** One primitive; what its expression makes on the way is freed at once. */
  const evaluate = (y: Tensor, values: Values, step: number): Value =>
    tf.tidy(() => {
      const { values: numbers, stream } = y.attributes;
      if (y.primitive === 'constant') return upload(y, Float32Array.from(numbers!));
      if (y.primitive === 'uniform' || y.primitive === 'normal') {
        const { seed, firstSample, firstStep } = call;
        const draw = { kind: y.primitive, stream: stream!, samples, seed, firstSample, step: firstStep + step };
        return upload(y, randomArray({ ...draw, size: sizeOf(y.shape) }));
      }
      const operands = operandsOf(y).map((x) => values.get(x)!);
      if (isSummedMatmul(y)) return summedMatmul({ tf, samples }, y.inputs[0]!, operands[0]!, operands[1]!);
      return operations[y.primitive]!({ tf, y, samples }, operands[0]!, ...operands.slice(1));
    });

  for (const y of plan.once) held.set(y, evaluate(y, held, 0));

  for (let step = 0; step < steps; step++) {
    const state = tf.tidy(() => {
      const values: Values = new Map(held);
      for (const { tensor, numbers } of streams) {
        const n = length(tensor);
        values.set(tensor, upload(tensor, numbers.slice(step * n, (step + 1) * n)));
      }
      plan.everyStep.forEach((y, i) => {
        values.set(y, evaluate(y, values, step));
        for (const x of plan.freed[i]!) values.get(x)!.dispose();
      });
      for (const { name, tensor, when } of program.outputs) {
        const record = when === 'step' ? step : when === 'stride' ? (step + 1) / stride - 1 : step - steps + 1;
        if (record >= 0 && Number.isInteger(record)) {
          results[name]!.set(values.get(tensor)!.dataSync(), record * length(tensor));
        }
      }
      return program.inputs.flatMap(({ tensor, next }) => {
        if (next === undefined) return [];
        // A copy of the handle: one tensor may be the next value of two states.
        const value = tf.clone(values.get(next)!);
        return [tensor.perSample === next.perSample ? value : tf.broadcastTo(value, deviceShape(tensor, samples))];
      });
    });
    program.inputs
      .filter(({ next }) => next !== undefined)
      .forEach(({ tensor }, i) => {
        held.get(tensor)!.dispose();
        held.set(tensor, state[i]!);
      });
  }
  for (const { name, tensor, next } of program.inputs)
    if (next) results[name] = held.get(tensor)!.dataSync().slice() as Float32Array;
  return results;
}
