/**
 * The oracle: a float64 interpreter, one loop nest for each primitive, as short as it can be.
 *
 * It is what every other engine is compared with, so it does nothing clever: no passes, no fusion, no tiles. Slow by
 * design; never chosen by `auto`.
 */
import { elementFunctions } from '../../program/element-functions.ts';
import { keyOf, normalsFromWords, philox4x32, uniformFromWord } from '../../program/philox.ts';
import { type Program, rootsOf } from '../../program/program.ts';
import { reachable, sizeOf, stridesOf, type Tensor } from '../../program/tensor.ts';
import { type Call, checkedCall, type Engine, type Executable, type Results } from '../engine.ts';

export const referenceEngine = (): Engine => ({
  name: 'reference',
  describe: async () => ({
    name: 'reference',
    available: true,
    device: 'JavaScript, float64',
    threads: 1,
    precision: 2 ** -53,
  }),
  compile: async (program) => compile(program),
  dispose: async () => {},
});

function compile(program: Program): Executable {
  const order = reachable(rootsOf(program));
  return { run: async (call) => run(program, order, call), dispose: () => {} };
}

interface Draw {
  readonly samples: number;
  readonly key: readonly [number, number];
  readonly step: number;
  readonly firstSample: number;
}

function run(program: Program, order: readonly Tensor[], call: Call): Results {
  const { samples, steps, stride, seed, firstStep, firstSample, inputs } = checkedCall(program, call);
  const length = (x: Tensor) => sizeOf(x.shape) * (x.perSample ? samples : 1);
  const state = new Map<string, Float64Array>(
    program.inputs.map((spec) => [spec.name, Float64Array.from(inputs[spec.name]!)]),
  );
  const results: Results = {};
  for (const { name, tensor, when } of program.outputs) {
    const records = when === 'step' ? steps : when === 'stride' ? Math.floor(steps / stride) : 1;
    results[name] = new Float64Array(records * length(tensor));
  }
  for (let step = 0; step < steps; step++) {
    const values = new Map<Tensor, Float64Array>();
    for (const { name, tensor, perStep } of program.inputs) {
      const n = length(tensor);
      values.set(tensor, perStep ? state.get(name)!.subarray(step * n, (step + 1) * n) : state.get(name)!);
    }
    const draw = { samples, key: keyOf(seed), step: firstStep + step, firstSample };
    for (const y of order) if (!values.has(y)) values.set(y, evaluate(y, values, draw));
    for (const { name, tensor, when } of program.outputs) {
      const value = values.get(tensor)!;
      if (when === 'step') results[name]!.set(value, step * value.length);
      else if (when === 'end') results[name]!.set(value);
      else if ((step + 1) % stride === 0) results[name]!.set(value, ((step + 1) / stride - 1) * value.length);
    }
    for (const { name, next, perSample } of program.inputs) {
      if (next) state.set(name, lift(values.get(next)!, next.perSample ? samples : 1, perSample ? samples : 1));
    }
  }
  for (const { name, next } of program.inputs) if (next) results[name] = state.get(name)!;
  return results;
}

/** Repeats a shared value for every sample where one is wanted. */
function lift(value: Float64Array, has: number, wants: number): Float64Array {
  if (has === wants) return value.slice();
  const out = new Float64Array(value.length * wants);
  for (let s = 0; s < wants; s++) out.set(value, s * value.length);
  return out;
}

function evaluate(y: Tensor, values: ReadonlyMap<Tensor, Float64Array>, draw: Draw): Float64Array {
  const size = sizeOf(y.shape);
  const samples = y.perSample ? draw.samples : 1;
  const out = new Float64Array(size * samples);
  const map = elementFunctions[y.primitive];
  const sources = y.inputs.map((x) => values.get(x)!);
  /** The inputs' numbers for one sample. */
  const of = (s: number) =>
    sources.map((v, i) => {
      const n = sizeOf(y.inputs[i]!.shape);
      return y.inputs[i]!.perSample ? v.subarray(s * n, (s + 1) * n) : v;
    });
  if (y.primitive === 'constant') return y.attributes.values!;
  if (y.primitive === 'uniform' || y.primitive === 'normal') return random(y, draw);
  if (y.primitive === 'sumOverSamples') {
    for (let s = 0; s < draw.samples; s++) for (let e = 0; e < size; e++) out[e]! += sources[0]![s * size + e]!;
    return out;
  }
  for (let s = 0; s < samples; s++) {
    const xs = of(s);
    const own = out.subarray(s * size, (s + 1) * size);
    if (map) for (let e = 0; e < size; e++) own[e] = map(xs[0]![e]!, xs[1]?.[e] ?? 0, xs[2]?.[e] ?? 0);
    else rearrange(y, xs, own);
  }
  return out;
}

/** Calls `visit` for every index of a shape, in row-major order. */
function forEachIndex(shape: readonly number[], visit: (index: readonly number[], flat: number) => void): void {
  const index = shape.map(() => 0);
  const total = sizeOf(shape);
  for (let flat = 0; flat < total; flat++) {
    visit(index, flat);
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

const dot = (index: readonly number[], strides: readonly number[]) =>
  index.reduce((n, i, axis) => n + i * strides[axis]!, 0);

/** Everything that is not element-wise, for one sample. */
function rearrange(y: Tensor, xs: readonly Float64Array[], out: Float64Array): void {
  const [x, other] = xs as [Float64Array, Float64Array];
  const shape = y.inputs[0]!.shape;
  const strides = stridesOf(shape);
  const { axes, axis, start, transposeA, transposeB } = y.attributes;
  switch (y.primitive) {
    case 'spread':
    case 'reshape':
      out.set(x);
      return;
    case 'broadcast':
      forEachIndex(y.shape, (index, flat) => {
        out[flat] =
          x[
            dot(
              axes!.map((a) => index[a]!),
              strides,
            )
          ]!;
      });
      return;
    case 'transpose':
      forEachIndex(y.shape, (index, flat) => {
        out[flat] =
          x[
            dot(
              index,
              axes!.map((a) => strides[a]!),
            )
          ]!;
      });
      return;
    case 'slice':
      forEachIndex(y.shape, (index, flat) => {
        out[flat] = x[dot(index, strides) + start! * strides[axis!]!]!;
      });
      return;
    case 'concat': {
      const target = stridesOf(y.shape);
      let offset = 0;
      xs.forEach((part, i) => {
        const partShape = y.inputs[i]!.shape;
        forEachIndex(partShape, (index, flat) => {
          out[dot(index, target) + offset * target[axis!]!] = part[flat]!;
        });
        offset += partShape[axis!]!;
      });
      return;
    }
    case 'sum':
    case 'max': {
      const kept = shape.map((_, i) => i).filter((i) => !axes!.includes(i));
      const target = stridesOf(y.shape);
      if (y.primitive === 'max') out.fill(Number.NEGATIVE_INFINITY);
      forEachIndex(shape, (index, flat) => {
        const at = kept.reduce((n, a, i) => n + index[a]! * target[i]!, 0);
        out[at] = y.primitive === 'max' ? Math.max(out[at]!, x[flat]!) : out[at]! + x[flat]!;
      });
      return;
    }
    case 'gather': {
      const row = sizeOf(shape.slice(1));
      for (let i = 0; i < other.length; i++) {
        const at = Math.min(Math.max(Math.trunc(other[i]!), 0), shape[0]! - 1);
        out.set(x.subarray(at * row, (at + 1) * row), i * row);
      }
      return;
    }
    case 'matmul': {
      const [m, n] = y.shape.slice(-2) as [number, number];
      const k = shape.at(transposeA ? -2 : -1)!;
      const [aRow, aColumn] = transposeA ? [1, m] : [k, 1];
      const [bRow, bColumn] = transposeB ? [1, k] : [n, 1];
      for (let batch = 0; batch < out.length / (m * n); batch++) {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let total = 0;
            for (let p = 0; p < k; p++) {
              total += x[batch * m * k + i * aRow + p * aColumn]! * other[batch * k * n + p * bRow + j * bColumn]!;
            }
            out[batch * m * n + i * n + j] = total;
          }
        }
      }
      return;
    }
    default:
      throw new Error(`The reference engine does not know the primitive '${y.primitive}'.`);
  }
}

function random(y: Tensor, { samples, key, step, firstSample }: Draw): Float64Array {
  const size = sizeOf(y.shape);
  const out = new Float64Array(size * samples);
  for (let s = 0; s < samples; s++) {
    for (let block = 0; block * 4 < size; block++) {
      const words = philox4x32([firstSample + s, block, step, y.attributes.stream!], key);
      const drawn =
        y.primitive === 'uniform'
          ? words.map(uniformFromWord)
          : [...normalsFromWords(words[0], words[1]), ...normalsFromWords(words[2], words[3])];
      for (let w = 0; w < 4 && block * 4 + w < size; w++) out[s * size + block * 4 + w] = drawn[w]!;
    }
  }
  return out;
}
