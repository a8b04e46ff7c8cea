/**
 * Where everything lies in an executable's one memory, and the words in which the driver and the code talk.
 *
 *   0       header: barrier, lane counter, seed, sizes of the call, base addresses of inputs and outputs
 *   1024    literals
 *   65536   shared tensors, packed matrices, sums over samples, accumulators (one block a lane)
 *   …       one arena with scratch a thread, then the arrays of the call (inputs, outputs, per-sample state)
 *
 * Addresses and sizes in bytes. Not here: what is computed.
 */

import { inputsOf, outputsOf, type Plan } from '../../program/passes/fuse.ts';
import { type Arena, planMemory } from '../../program/passes/memory.ts';
import { literal } from '../../program/passes/simplify.ts';
import { ruleOf } from '../../program/primitives.ts';
import { rootsOf } from '../../program/program.ts';
import { reachable, sizeOf, type Tensor } from '../../program/tensor.ts';
import { worksInPlace } from './emit-unit.ts';

export const HEADER = {
  barrier: 0,
  nextLane: 8,
  seedLow: 16,
  seedHigh: 20,
  samples: 24,
  firstSample: 28,
  firstStep: 32,
  /** One base address for each input, then for each output, in the program's order. */
  arrays: 64,
} as const;
export const LITERALS = 1024;
const SHARED = 65536;
export const MAX_LANES = 8;

const align = (n: number, to = 64): number => Math.ceil(n / to) * to;

export interface Layout {
  /** Per-sample tensors: offsets in elements of the tile arena. */
  readonly arena: Arena;
  /** Shared tensors that have storage, by address. */
  readonly shared: ReadonlyMap<Tensor, number>;
  /** Each accumulator's offset within a lane's block; the finished sums lie alike from `sums` on. */
  readonly accumulators: ReadonlyMap<Tensor, number>;
  readonly accumulatorBytes: number;
  readonly sums: number;
  readonly lanes: number;
  /** First address after everything of fixed size but the threads' arenas. */
  readonly end: number;
}

/** Draws fill whole blocks of four elements, and so their storage does too. */
const QUANTUM = 4;

/** Reserves further shared storage, for packed matrices. */
export type Reserve = (bytes: number) => number;

export function planLayout(plan: Plan, reserveMore: (reserve: Reserve) => void): Layout {
  const { program, views } = plan;
  const order = reachable([...rootsOf(program), ...program.inputs.map(({ tensor }) => tensor)]);
  const inputs = program.inputs.map(({ tensor }) => tensor);
  const results = rootsOf(program);
  const alive = [...inputs, ...results].filter((y) => y.perSample);
  const arena = planMemory(plan.units.tile, views, alive, QUANTUM);

  const shared = new Map<Tensor, number>();
  let end = SHARED;
  const reserve: Reserve = (bytes) => {
    const at = end;
    end += align(bytes + 16);
    return at;
  };
  const made = new Set([...plan.units.call, ...plan.units.step, ...plan.units.post].flatMap(outputsOf));
  const needed = new Set(
    [...Object.values(plan.units).flat().flatMap(inputsOf), ...results].map((x) => views.of(x).root),
  );
  const inPlace = statesInPlace(plan);
  for (const y of order) {
    if (inPlace.has(y)) continue;
    const isLiteral = literal(y) !== undefined && !needed.has(y);
    const stored =
      made.has(y) ||
      (!y.perSample && ruleOf(y).kind === 'source' && !isLiteral) ||
      (inputs.includes(y) && !y.perSample);
    if (stored && !shared.has(y)) shared.set(y, reserve(4 * sizeOf(y.shape)));
  }
  for (const [next, state] of inPlace) shared.set(next, shared.get(state)!);
  reserveMore(reserve);

  const accumulators = new Map<Tensor, number>();
  let accumulatorBytes = 0;
  for (const y of plan.accumulators) {
    accumulators.set(y, accumulatorBytes);
    accumulatorBytes += 4 * sizeOf(y.shape);
  }
  accumulatorBytes = align(accumulatorBytes, 16);
  const sums = reserve(accumulatorBytes);
  for (const [y, offset] of accumulators) shared.set(y, sums + offset);
  const lanes = reserve(MAX_LANES * align(accumulatorBytes));
  return { arena, shared, accumulators, accumulatorBytes, sums, lanes, end };
}

/** Next values of shared state that may be written where the state lies, each with that state. */
function statesInPlace({ program, units, views }: Plan): Map<Tensor, Tensor> {
  const found = new Map<Tensor, Tensor>();
  for (const { tensor, next } of program.inputs) {
    if (!next || tensor.perSample || found.has(next)) continue;
    const writer = units.post.find((unit) => outputsOf(unit).includes(next));
    const readers = units.post.filter((unit) => inputsOf(unit).some((x) => views.of(x).root === tensor));
    // Whatever else reads the old value in this stage might come too late.
    if (writer && readers.every((unit) => unit === writer) && worksInPlace(writer, views)) found.set(next, tensor);
  }
  return found;
}

export const laneBytes = (layout: Layout): number => align(layout.accumulatorBytes);
