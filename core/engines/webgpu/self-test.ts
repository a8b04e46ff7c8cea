/**
 * Whether a GPU computes what it is told. Some drivers compile for speed at any price: they contract, reorder, and take
 * it that nothing is ever infinite or no number, on which corrections of rounding and the guard of a training step rely.
 * One small program of what everything is made of, against the oracle. Not the gate for releases (gradcheck).
 */
import { allWithin } from '../../program/functions.ts';
import * as p from '../../program/primitives.ts';
import { trace } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Call, Engine } from '../engine.ts';
import { referenceEngine } from '../reference/reference.ts';

/** Of a number, or of 1 where it is smaller: some hundred units in the last place. */
const TOLERANCE = 1e-5;

/** By what a person would call it. */
const PARTS: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  exponentials: p.exp,
  logarithms: (x) => p.log(p.add(p.mul(x, x), 1e-6)),
  'hyperbolic tangents': p.tanh,
  sines: p.sin,
  cosines: p.cos,
  'square roots': (x) => p.sqrt(p.mul(x, x)),
  divisions: (x) => p.div(x, p.add(p.mul(x, x), 3)),
  products: (x) => p.matmul(p.reshape(x, [1, 1]), p.constant([0.1, -7, 1e3], [1, 3])),
  'what is not a number': (x) => allWithin(p.exp(p.mul(x, x))),
  'random numbers': (x) => p.add(p.normal([2], 0), p.mul(p.uniform([2], 1), p.greater(x, 0))),
};

const program = trace('self-test', { x: { shape: [], perSample: true } }, ({ x }) => ({
  end: Object.fromEntries(Object.entries(PARTS).map(([name, of]) => [name, of(x)])),
}));

const x = Float32Array.from([...Array.from({ length: 120 }, (_, i) => (i - 60) / 4), 1e-20, 1e-6, Number.NaN]);
const call: Call = { samples: x.length, seed: 11, inputs: { x } };

/** What it computes wrongly, if anything. */
export async function selfTest(engine: Engine): Promise<string | undefined> {
  const [expected, found] = await Promise.all([referenceEngine(), engine].map((one) => computed(one)));
  return Object.keys(PARTS).find((name) =>
    [...expected![name]!].some((number, i) => {
      const other = found![name]![i]!;
      if (Object.is(Math.fround(number), other)) return false;
      return !(Math.abs(number - other) <= TOLERANCE * Math.max(1, Math.abs(number)));
    }),
  );
}

async function computed(engine: Engine) {
  const executable = await engine.compile(program);
  try {
    return await executable.run(call);
  } finally {
    executable.dispose();
  }
}
