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
  /**
   * Each accumulator's offset within a lane's block; the finished sums lie alike from `sums` on. What is joined with
   * them has its place among them, which in a lane's block is a hole.
   */
  readonly accumulators: ReadonlyMap<Tensor, number>;
  readonly accumulatorBytes: number;
  readonly sums: number;
  /** Joined tensors that need no work, because their parts are sums over samples and lie in this very order. */
  readonly joined: ReadonlySet<Tensor>;
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
  const joined = joinedSums(plan, inPlace);
  const inSums = new Set([...joined.values()].flat());
  for (const y of order) {
    if (inPlace.has(y) || joined.has(y) || inSums.has(y)) continue;
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
  const ordered = new Set([...[...joined.values()].flat(), ...plan.accumulators]);
  for (const y of ordered) {
    accumulators.set(y, accumulatorBytes);
    accumulatorBytes += 4 * sizeOf(y.shape);
  }
  accumulatorBytes = align(accumulatorBytes, 16);
  const sums = reserve(accumulatorBytes);
  for (const [y, offset] of accumulators) shared.set(y, sums + offset);
  for (const [y, parts] of joined) shared.set(y, shared.get(parts[0]!)!);
  const lanes = reserve(MAX_LANES * align(accumulatorBytes));
  return { arena, shared, accumulators, accumulatorBytes, sums, joined: new Set(joined.keys()), lanes, end };
}

/**
 * Tensors of one axis whose parts are whole tensors, sums over samples most of them, each with those parts in order.
 * Other parts must fill whole vectors (the code that computes them may write no further) or be zero.
 */
function joinedSums(
  { units, views, accumulators }: Plan,
  elsewhere: ReadonlyMap<Tensor, Tensor>,
): Map<Tensor, Tensor[]> {
  const sums = new Set(accumulators);
  const made = new Set(units.post.flatMap(outputsOf).filter((y) => sizeOf(y.shape) % 4 === 0 && !elsewhere.has(y)));
  const taken = new Set<Tensor>();
  const found = new Map<Tensor, Tensor[]>();
  for (const unit of units.post) {
    if (unit.kind !== 'op' || unit.target.primitive !== 'concat' || unit.target.shape.length !== 1) continue;
    // A literal zero is a hole that no lane writes to, and sums of nothing are zero.
    const roots = unit.target.inputs.map((x) => (literal(x) === 0 ? x : views.of(x).root));
    const whole = unit.target.inputs.every((x, i) => {
      const root = roots[i]!;
      const { offset, strides } = views.of(x);
      const size = x.shape[0]!;
      const known = sums.has(root) || made.has(root);
      return (
        literal(x) === 0 ||
        (known && !taken.has(root) && offset === 0 && size === sizeOf(root.shape) && (size === 1 || strides[0] === 1))
      );
    });
    if (!whole || new Set(roots).size < roots.length) continue;
    for (const root of roots) taken.add(root);
    found.set(unit.target, roots);
  }
  return found;
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
