/**
 * Machine code for one unit of element-wise work: a fused map, a reduction with the map inside it, or a copy.
 *
 * Three ways to run, from one description. `tile`: a vector holds one element of four samples. `flat`: shared tensors
 * that all lie alike, four neighbouring elements in a vector. `single`: any other shared work, one element at a time
 * in all lanes (rare and small). Units of shared tensors receive the range of their outermost axis to work on, so
 * that threads can divide them.
 */
import type { Unit } from '../../program/passes/fuse.ts';
import { literal } from '../../program/passes/simplify.ts';
import type { Views } from '../../program/passes/strided-views.ts';
import { sameShape, sizeOf, stridesOf, type Tensor } from '../../program/tensor.ts';
import { boxMuller } from '../elementary.ts';
import { collapse, depthOf, emitLoops, type Nest, type Operand } from './emit-loops.ts';
import { FunctionBody } from './encode.ts';
import type { KernelVariant } from './kernels.ts';
import { LaneCode, type LiteralPool, OPCODE } from './lane-code.ts';
import { MemberCode } from './member-code.ts';

/** Where a root tensor's numbers lie: its first number, and the bytes between two elements. */
export interface Place {
  readonly base: 'arena' | 'memory';
  readonly address: number;
  readonly elementBytes: number;
}

export interface EmitContext {
  readonly views: Views;
  readonly pool: LiteralPool;
  readonly variant: KernelVariant;
  /** Samples in a tile. */
  readonly tile: number;
  placeOf(root: Tensor): Place;
}

type Elementwise = Extract<Unit, { kind: 'map' | 'reduce' | 'copy' }>;
type Mode = 'tile' | 'flat' | 'single';

export interface EmittedUnit {
  readonly body: FunctionBody;
  /** Length of the outermost axis that threads may divide; 1 in tile mode. */
  readonly extent: number;
}

interface Task {
  readonly shape: readonly number[];
  /** Axes of `shape` that are summed away, and the tensor that receives the result. */
  readonly reduced: readonly number[];
  readonly members: readonly Tensor[];
  readonly loads: readonly Tensor[];
  /** What is written: the value of `value` to the memory of `target`, or to a part of it. */
  readonly stores: readonly { value: Tensor; target: Tensor; into?: { offset: number; strides: readonly number[] } }[];
  readonly reduction?: Tensor;
}

function taskOf(unit: Elementwise): Task {
  if (unit.kind === 'copy') {
    const x = unit.target.inputs[0]!;
    return { shape: x.shape, reduced: [], members: [], loads: [x], stores: [{ value: x, target: unit.target }] };
  }
  const members = unit.members;
  const own = new Set(members);
  const outside = (xs: readonly Tensor[]) => [...new Set(xs)].filter((x) => !own.has(x) && literal(x) === undefined);
  if (unit.kind === 'map') {
    return {
      shape: unit.shape,
      reduced: [],
      members,
      loads: outside(members.flatMap((y) => y.inputs)),
      stores: unit.outputs.map((y) => ({ value: y, target: y })),
    };
  }
  const { target } = unit;
  return {
    shape: target.inputs[0]!.shape,
    reduced: target.attributes.axes!,
    members,
    loads: outside([...members, target].flatMap((y) => y.inputs)),
    stores: [{ value: target.inputs[0]!, target }],
    reduction: target,
  };
}

export function emitElementwise(unit: Elementwise, context: EmitContext): EmittedUnit {
  const task = taskOf(unit);
  const perSample = task.stores[0]!.target.perSample;
  if (perSample) {
    const body = new FunctionBody(1);
    emitTask(body, task, 'tile', context, 0, nestOf(task, 'tile', context));
    return { body, extent: 1 };
  }
  return emitShared(task, context);
}

function emitShared(task: Task, context: EmitContext): EmittedUnit {
  const body = new FunctionBody(2);
  const count = sizeOf(task.shape);
  const whole = task.reduction !== undefined && task.stores[0]!.target.shape.length === 0;
  const even = task.loads.every((x) => isContiguous(x, task.shape, context) || isConstant(x, context));
  if (even && whole && count >= 32) {
    const run = () => emitWholeReduction(body, task, context, count);
    body.get(1).get(0).greaterInteger().when(run);
    return { body, extent: 1 };
  }
  // A part of a larger tensor may have a neighbour right behind it, which whole vectors could overwrite.
  const padded = task.stores.every(({ into }) => into === undefined || count % 4 === 0);
  const straight = task.stores.every(
    ({ into }) => into === undefined || sameShape(into.strides, stridesOf(task.shape)),
  );
  const mode = even && padded && straight && task.reduction === undefined && count >= 4 ? 'flat' : 'single';
  const nest = nestOf(task, mode, context);
  const outer = mode === 'flat' || task.reduced.length < task.shape.length ? (nest.nest.sizes[0] ?? 1) : 1;
  // Threads divide the outermost loop only where each turn writes its own results.
  const divisible = nest.kept > 0 && outer > 1;
  body.get(1).get(0).greaterInteger();
  body.when(() => emitTask(body, task, mode, context, undefined, nest, divisible ? { from: 0, to: 1 } : undefined));
  return { body, extent: divisible ? outer : 1 };
}

/**
 * Whether every element of a shared map's results depends on the same element of its operands alone and is read before
 * it is written, so that a result may take an operand's place.
 */
export function worksInPlace(unit: Unit, views: Views): boolean {
  if (unit.kind !== 'map' || sizeOf(unit.shape) < 4) return false;
  return taskOf(unit).loads.every((x) => isContiguous(x, unit.shape, { views }) || isConstant(x, { views }));
}

const isContiguous = (x: Tensor, shape: readonly number[], { views }: Pick<EmitContext, 'views'>): boolean => {
  const expected = stridesOf(shape);
  return views.of(x).strides.every((s, axis) => s === expected[axis] || shape[axis] === 1);
};
const isConstant = (x: Tensor, { views }: Pick<EmitContext, 'views'>): boolean =>
  views.of(x).strides.every((s, axis) => s === 0 || x.shape[axis] === 1);

interface PreparedNest {
  readonly nest: Nest;
  /** Number of loops around a reduction's inner ones. */
  readonly kept: number;
}

function nestOf(task: Task, mode: Mode, context: EmitContext, count = sizeOf(task.shape), skip = 0): PreparedNest {
  const operand = (root: Tensor, offset: number, strides: readonly number[]): Operand => {
    const { base, address, elementBytes } = context.placeOf(root);
    return { base, address: address + (offset + skip) * elementBytes, strides: strides.map((s) => s * elementBytes) };
  };
  const kept = task.shape.map((_, i) => i).filter((i) => !task.reduced.includes(i));
  const read = task.loads.map((x) => {
    const view = context.views.of(x);
    return operand(view.root, view.offset, view.strides);
  });
  const written = task.stores.map(({ target, into }) => {
    const own = into?.strides ?? stridesOf(task.reduction ? target.shape : task.shape);
    return operand(
      target,
      into?.offset ?? 0,
      task.shape.map((_, axis) => (task.reduction ? (own[kept.indexOf(axis)] ?? 0) : own[axis]!)),
    );
  });
  const operands = [...read, ...written];
  if (mode === 'flat') {
    const flat = operands.map((o, i) => {
      const moves = i >= read.length || !isConstant(task.loads[i]!, context);
      return { ...o, strides: [moves ? 16 : 0] };
    });
    return { nest: { sizes: [Math.ceil(count / 4)], operands: flat }, kept: 1 };
  }
  const lanes = mode === 'tile' ? [context.tile / 4] : [];
  const arranged = operands.map((o) => ({
    ...o,
    strides: [
      ...kept.map((axis) => o.strides[axis]!),
      ...lanes.map(() => (o.base === 'arena' ? 16 : 0)),
      ...task.reduced.map((axis) => o.strides[axis]!),
    ],
  }));
  const sizes = [...kept.map((axis) => task.shape[axis]!), ...lanes, ...task.reduced.map((axis) => task.shape[axis]!)];
  const boundary = kept.length + lanes.length;
  const { nest } = collapse({ sizes, operands: arranged }, new Set([boundary]));
  const inner = collapse({
    sizes: sizes.slice(boundary),
    operands: arranged.map((o) => ({ ...o, strides: o.strides.slice(boundary) })),
  });
  return { nest, kept: nest.sizes.length - inner.nest.sizes.length };
}

/** Writes one task's loops. With `accumulator` the reduced value stays there instead of being stored. */
function emitTask(
  fn: FunctionBody,
  task: Task,
  mode: Mode,
  context: EmitContext,
  arena: number | undefined,
  { nest, kept }: PreparedNest,
  range?: { from: number; to: number },
  accumulator?: number,
): void {
  const lane = new LaneCode(fn, context.pool, context.variant);
  const last = nest.sizes.length;
  const code = new MemberCode(lane, task);
  const depths = new Map<Tensor, number>();
  task.loads.forEach((x, i) => {
    depths.set(x, depthOf(nest.operands[i]!));
  });
  for (const y of task.members) depths.set(y, Math.max(0, ...y.inputs.map((x) => depths.get(x) ?? 0)));
  const isVector = (i: number) => {
    const o = nest.operands[i]!;
    return mode === 'tile' ? o.base === 'arena' : mode === 'flat' && o.strides[0] === 16;
  };
  const total = accumulator ?? (task.reduction ? fn.local('v128') : undefined);
  const isMax = task.reduction?.primitive === 'max';
  const store = (value: number, push: () => number) => {
    const offset = push();
    fn.get(value);
    if (mode === 'single') fn.simdMemory(OPCODE.storeLane, offset, 0);
    else fn.simdMemory(OPCODE.store, offset);
  };
  emitLoops(
    fn,
    nest,
    arena ?? -1,
    (depth, loops) => {
      if (total !== undefined && accumulator === undefined && depth === kept) {
        fn.get(lane.constant(isMax ? Number.NEGATIVE_INFINITY : 0)).set(total);
      }
      task.loads.forEach((x, i) => {
        if (depths.get(x) !== depth) return;
        const local = fn.local('v128');
        const offset = loops.address(i);
        fn.simdMemory(isVector(i) ? OPCODE.load : OPCODE.loadSplat, offset).set(local);
        code.define(x, local);
      });
      for (const y of task.members) if (depths.get(y) === depth) code.compute(y);
      if (depth !== last) return;
      if (total !== undefined) {
        const before = total;
        const value = task.stores[0]!.value;
        fn.get(
          isMax
            ? lane.select(lane.lessThan(code.value(value), before), before, code.value(value))
            : code.addTo(before, value),
        ).set(total);
      } else {
        task.stores.forEach(({ value }, i) => {
          store(code.value(value), () => loops.address(task.loads.length + i));
        });
      }
    },
    (depth, loops) => {
      if (total !== undefined && accumulator === undefined && depth === kept) {
        store(total, () => loops.address(task.loads.length));
      }
    },
    range,
  );
}

/** Σ or max over a whole contiguous tensor: four elements at a time, then the rest, then across the lanes. */
function emitWholeReduction(fn: FunctionBody, task: Task, context: EmitContext, count: number): void {
  const lane = new LaneCode(fn, context.pool, context.variant);
  const isMax = task.reduction!.primitive === 'max';
  const start = lane.constant(isMax ? Number.NEGATIVE_INFINITY : 0);
  const combine = isMax ? (a: number, b: number) => lane.select(lane.lessThan(b, a), a, b) : lane.add;
  const many = fn.local('v128');
  fn.get(start).set(many);
  const { nest } = nestOf(task, 'flat', context, count - (count % 4));
  emitTask(fn, task, 'flat', context, undefined, { nest, kept: -1 }, undefined, many);
  let total = lane.acrossLanes(many, combine);
  if (count % 4 > 0) {
    const few = fn.local('v128');
    fn.get(start).set(few);
    const rest = nestOf(task, 'flat', context, 4 * (count % 4), 0).nest;
    // The remaining elements one by one, in all lanes.
    const operands = rest.operands.map((o, i) => {
      const moves = i < task.loads.length && !isConstant(task.loads[i]!, context);
      return { ...o, address: o.address + (moves ? 4 * (count - (count % 4)) : 0), strides: [moves ? 4 : 0] };
    });
    emitTask(
      fn,
      task,
      'single',
      context,
      undefined,
      { nest: { sizes: rest.sizes, operands }, kept: -1 },
      undefined,
      few,
    );
    total = combine(total, few);
  }
  const { address } = context.placeOf(task.stores[0]!.target);
  fn.integer(0).get(total).simdMemory(OPCODE.storeLane, address, 0);
}

/** Copies a tensor into a part of another, whose layout it takes on; `offset` in elements of the target. */
export function emitCopyInto(part: Tensor, target: Tensor, offset: number, context: EmitContext): EmittedUnit {
  const whole = stridesOf(target.shape);
  const task: Task = {
    shape: part.shape,
    reduced: [],
    members: [],
    loads: literal(part) === undefined ? [part] : [],
    stores: [{ value: part, target, into: { offset, strides: whole } }],
  };
  if (target.perSample) {
    const body = new FunctionBody(1);
    emitTask(body, task, 'tile', context, 0, nestOf(task, 'tile', context));
    return { body, extent: 1 };
  }
  return emitShared(task, context);
}

/** Turns the pairs of uniforms that Philox left at `address` into normals, in place. Parameter: the arena. */
export function emitBoxMuller(address: number, pairs: number, context: EmitContext): FunctionBody {
  const fn = new FunctionBody(1);
  const lane = new LaneCode(fn, context.pool, context.variant);
  const row = 4 * context.tile;
  const at = (offset: number): Operand => ({ base: 'arena', address: address + offset, strides: [2 * row, 16] });
  emitLoops(fn, { sizes: [pairs, context.tile / 4], operands: [at(0), at(row)] }, 0, (depth, loops) => {
    if (depth < 2) return;
    const [u1, u2] = [0, 1].map((i) => {
      const local = fn.local('v128');
      const offset = loops.address(i);
      fn.simdMemory(OPCODE.load, offset).set(local);
      return local;
    }) as [number, number];
    boxMuller(lane, u1, u2).forEach((value, i) => {
      const offset = loops.address(i);
      fn.get(value).simdMemory(OPCODE.store, offset);
    });
  });
  return fn;
}
