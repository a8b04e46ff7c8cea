/**
 * A planned program as one WebAssembly module and a schedule for the driver.
 *
 * Exports: `tile` runs the whole per-sample part on one tile; `enter`, `advance`, `leave` and the recorders move
 * numbers between the arrays of the call and the tile; one function for each unit of shared work, which threads
 * divide among themselves. Arithmetic inside a unit is in `emit-unit.ts`, matrix products in the kernels.
 */
import { inputsOf, outputsOf, type Plan, type Unit } from '../../program/passes/fuse.ts';
import type { Stage } from '../../program/passes/stages.ts';
import { ruleOf } from '../../program/primitives.ts';
import { sizeOf, stridesOf, type Tensor } from '../../program/tensor.ts';
import { type EmitContext, emitBoxMuller, emitCopyInto, emitElementwise, type Place } from './emit-unit.ts';
import { FunctionBody, ModuleBuilder } from './encode.ts';
import {
  gemmSamplesScratch,
  type KernelVariant,
  PHILOX_BOX_MULLER,
  PHILOX_UNIFORM,
  packedBytes,
  panelCount,
} from './kernels.ts';
import { LiteralPool } from './lane-code.ts';
import { HEADER, type Layout, LITERALS, planLayout } from './layout.ts';

/** The kernels that generated code calls, with the number of their arguments. */
const IMPORTS = {
  pack: 8,
  gemm: 12,
  gemmPair: 14,
  gemmSamples: 16,
  sumSamples: 6,
  loadTile: 5,
  storeTile: 5,
  gatherTile: 6,
  matmulShared: 14,
  philox: 10,
} as const;
type Kernel = keyof typeof IMPORTS;

/** Shared work: function `name` for the range 0…extent, which threads divide. */
export interface SharedUnit {
  readonly name: string;
  readonly extent: number;
}

/** Units that may run in any order and at once; or, where that is not worth a meeting of threads, in order by one. */
export interface SharedLevel {
  readonly alone: boolean;
  readonly units: readonly SharedUnit[];
}

export interface EmittedProgram {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly literals: Uint32Array;
  readonly layout: Layout;
  readonly tile: number;
  /** Bytes of one thread's arena, scratch included. */
  readonly arenaBytes: number;
  /** For each stage of shared work: its levels in order. */
  readonly shared: Readonly<Record<'call' | 'step' | 'post', readonly SharedLevel[]>>;
}

type Argument = number | ((fn: FunctionBody) => void);

export function emitProgram(plan: Plan, tile: number, variant: KernelVariant): EmittedProgram {
  const packs = new Packs(plan);
  const layout = planLayout(plan, (reserve) => packs.reserve(reserve));
  const module = new ModuleBuilder(Object.entries(IMPORTS).map(([name, parameters]) => ({ name, parameters })));
  const pool = new LiteralPool(LITERALS);
  const lane = 4 * tile;
  const context: EmitContext = {
    views: plan.views,
    pool,
    variant,
    tile,
    placeOf(root): Place {
      if (!root.perSample) return { base: 'memory', address: layout.shared.get(root)!, elementBytes: 4 };
      return { base: 'arena', address: layout.arena.offsets.get(root)! * lane, elementBytes: lane };
    },
  };
  const emitter = new Emitter(plan, layout, module, context, packs);
  const shared = {
    call: emitter.sharedStage('call'),
    step: emitter.sharedStage('step'),
    post: emitter.sharedStage('post'),
  };
  emitter.tileFunctions();
  const arenaBytes = layout.arena.size * lane + emitter.scratchBytes;
  return {
    bytes: module.bytes({ initial: 1, maximum: 65536 }),
    literals: pool.words(),
    layout,
    tile,
    arenaBytes: Math.ceil(arenaBytes / 64) * 64 + 64,
    shared,
  };
}

/** Shared matrices in the form that the product kernel reads, each packed once wherever it is used. */
class Packs {
  readonly #addresses = new Map<string, number>();
  readonly list: { key: string; x: Tensor; batch: number; K: number; O: number; kAxis: number; oAxis: number }[] = [];
  readonly #plan: Plan;

  constructor(plan: Plan) {
    this.#plan = plan;
    for (const unit of plan.units.tile) {
      if (unit.kind !== 'op' || unit.target.primitive !== 'matmul') continue;
      const { weight, kAxis, oAxis } = productOf(unit.target);
      if (!weight) continue;
      for (let batch = 0; batch < batchCount(weight); batch++) {
        const key = this.#keyOf(weight, batch, kAxis, oAxis);
        if (this.#addresses.has(key)) continue;
        this.#addresses.set(key, 0);
        this.list.push({ key, x: weight, batch, K: weight.shape.at(kAxis)!, O: weight.shape.at(oAxis)!, kAxis, oAxis });
      }
    }
  }

  #keyOf(x: Tensor, batch: number, kAxis: number, oAxis: number): string {
    const view = this.#plan.views.of(x);
    return [
      view.root.id,
      view.offset + batchOffset(x, view.strides, batch),
      view.strides.at(kAxis),
      view.strides.at(oAxis),
      x.shape.at(kAxis),
      x.shape.at(oAxis),
    ].join('|');
  }

  reserve(take: (bytes: number) => number): void {
    for (const { key, K, O } of this.list) this.#addresses.set(key, take(packedBytes(K, O)));
  }

  addressOf(x: Tensor, batch: number, kAxis: number, oAxis: number): number {
    return this.#addresses.get(this.#keyOf(x, batch, kAxis, oAxis))!;
  }
}

const batchCount = (x: Tensor): number => sizeOf(x.shape.slice(0, -2));

/** Offset in elements of the i-th matrix of a batch. */
function batchOffset(x: Tensor, strides: readonly number[], i: number): number {
  let rest = i;
  let offset = 0;
  for (let axis = x.shape.length - 3; axis >= 0; axis--) {
    offset += (rest % x.shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / x.shape[axis]!);
  }
  return offset;
}

/** A product seen as out[o, r] = Σ_k weight[k, o] · x[k, r], when one side is shared; axes are −1 or −2. */
function productOf(y: Tensor): {
  weight?: Tensor;
  x?: Tensor;
  kAxis: number;
  oAxis: number;
  xkAxis: number;
  xrAxis: number;
} {
  const [a, b] = y.inputs as [Tensor, Tensor];
  const { transposeA, transposeB } = y.attributes;
  const aK = transposeA ? -2 : -1;
  const bK = transposeB ? -1 : -2;
  if (!b.perSample) return { weight: b, x: a, kAxis: bK, oAxis: -3 - bK, xkAxis: aK, xrAxis: -3 - aK };
  if (!a.perSample) return { weight: a, x: b, kAxis: aK, oAxis: -3 - aK, xkAxis: bK, xrAxis: -3 - bK };
  return { kAxis: aK, oAxis: -3 - aK, xkAxis: bK, xrAxis: -3 - bK };
}

/** Element operations of a unit of shared work, roughly. */
function workOf(unit: Unit): number {
  const members = unit.kind === 'map' || unit.kind === 'reduce' ? unit.members : [];
  const elements = Math.max(...[...inputsOf(unit), ...outputsOf(unit)].map((y) => sizeOf(y.shape)));
  if (unit.kind === 'op') return ruleOf(unit.target).cost(unit.target);
  return elements * (members.length + 1);
}

/** Below so many element operations a level costs less than two threads' meeting after it. */
const WORTH_MEETING = 2000;

/** Runs of small levels become one that a single thread goes through. */
function withFewMeetings(levels: readonly (readonly (SharedUnit & { work: number })[])[]): SharedLevel[] {
  const merged: { alone: boolean; units: SharedUnit[] }[] = [];
  for (const level of levels) {
    const alone = level.reduce((sum, { work }) => sum + work, 0) < WORTH_MEETING;
    const units = level.map(({ name, extent }) => ({ name, extent }));
    const before = merged.at(-1);
    if (alone && before?.alone) before.units.push(...units);
    else merged.push({ alone, units });
  }
  return merged;
}

class Emitter {
  readonly #plan: Plan;
  readonly #layout: Layout;
  readonly #module: ModuleBuilder;
  readonly #context: EmitContext;
  readonly #packs: Packs;
  readonly #lane: number;
  readonly #scratch: number;
  scratchBytes = 64;

  constructor(plan: Plan, layout: Layout, module: ModuleBuilder, context: EmitContext, packs: Packs) {
    this.#plan = plan;
    this.#layout = layout;
    this.#module = module;
    this.#context = context;
    this.#packs = packs;
    this.#lane = 4 * context.tile;
    this.#scratch = layout.arena.size * this.#lane;
  }

  // ---- shared work ----

  sharedStage(stage: Exclude<Stage, 'tile'>): SharedLevel[] {
    const levels: (SharedUnit & { work: number })[][] = [];
    const levelOf = new Map<Tensor, number>();
    const add = (level: number, unit: SharedUnit & { work: number }) => {
      while (levels.length <= level) levels.push([]);
      levels[level]!.push(unit);
    };
    this.#plan.units[stage].forEach((unit, i) => {
      if (unit.kind === 'op' && this.#layout.joined.has(unit.target)) {
        // Nothing to do: it is there as soon as its last part is.
        const last = Math.max(...unit.target.inputs.map((x) => levelOf.get(this.#plan.views.of(x).root) ?? -1));
        levelOf.set(unit.target, last);
        return;
      }
      const level = Math.max(0, ...inputsOf(unit).map((x) => (levelOf.get(this.#plan.views.of(x).root) ?? -1) + 1));
      for (const y of outputsOf(unit)) levelOf.set(y, level);
      const work = workOf(unit);
      for (const emitted of this.#sharedUnit(unit, `${stage}${i}`)) add(level, { ...emitted, work });
    });
    this.#packs.list.forEach(({ key, x, batch, K, O, kAxis, oAxis }, i) => {
      if (this.#plan.stages.get(x) !== stage) return;
      const view = this.#plan.views.of(x);
      const root = this.#context.placeOf(view.root);
      const fn = new FunctionBody(2);
      const from = root.address + 4 * (view.offset + batchOffset(x, view.strides, batch));
      const [k, o] = [4 * view.strides.at(kAxis)!, 4 * view.strides.at(oAxis)!];
      this.#call(
        fn,
        'pack',
        this.#packs.addressOf(x, batch, kAxis, oAxis),
        from,
        K,
        O,
        k,
        o,
        (f) => f.get(0),
        (f) => f.get(1),
      );
      const name = `${stage}Pack${i}`;
      this.#module.add(name, fn);
      add((levelOf.get(view.root) ?? -1) + 1, { name, extent: panelCount(O), work: K * O });
      void key;
    });
    return withFewMeetings(levels);
  }

  #sharedUnit(unit: Unit, name: string): SharedUnit[] {
    if (unit.kind === 'map' || unit.kind === 'reduce' || unit.kind === 'copy') {
      const { body, extent } = emitElementwise(unit, this.#context);
      this.#module.add(name, body);
      return [{ name, extent }];
    }
    const y = unit.kind === 'op' ? unit.target : undefined;
    if (y?.primitive === 'concat') {
      return this.#parts(y).map(({ part, offset }, i) => {
        const { body, extent } = emitCopyInto(part, y, offset, this.#context);
        this.#module.add(`${name}part${i}`, body);
        return { name: `${name}part${i}`, extent };
      });
    }
    if (y?.primitive === 'matmul') {
      const [a, b] = y.inputs as [Tensor, Tensor];
      const { transposeA, transposeB } = y.attributes;
      const [I, J] = y.shape.slice(-2) as [number, number];
      const K = a.shape.at(transposeA ? -2 : -1)!;
      const fn = new FunctionBody(2);
      const out = this.#context.placeOf(y);
      for (let batch = 0; batch < batchCount(y); batch++) {
        const p = this.#matrix(a, batch);
        const q = this.#matrix(b, batch);
        const [aI, aK] = transposeA ? [p.column, p.row] : [p.row, p.column];
        const [bK, bJ] = transposeB ? [q.column, q.row] : [q.row, q.column];
        const range: Argument[] = [(f) => f.get(0), (f) => f.get(1)];
        this.#call(
          fn,
          'matmulShared',
          out.address + 4 * batch * I * J,
          p.address,
          q.address,
          I,
          J,
          K,
          aI,
          aK,
          bK,
          bJ,
          4 * J,
          4,
          ...range,
        );
      }
      this.#module.add(name, fn);
      return [{ name, extent: I }];
    }
    throw new Error(`The wasm engine cannot compute a shared '${y?.primitive ?? unit.kind}'.`);
  }

  /** Address and byte strides of one matrix of a batch; for per-sample tensors relative to the arena. */
  #matrix(x: Tensor, batch: number): { address: number; row: number; column: number } {
    const view = this.#plan.views.of(x);
    const { address, elementBytes } = this.#context.placeOf(view.root);
    return {
      address: address + elementBytes * (view.offset + batchOffset(x, view.strides, batch)),
      row: elementBytes * view.strides.at(-2)!,
      column: elementBytes * view.strides.at(-1)!,
    };
  }

  #parts(y: Tensor): { part: Tensor; offset: number }[] {
    const step = stridesOf(y.shape)[y.attributes.axis!]!;
    let at = 0;
    return y.inputs.map((part) => {
      const offset = at * step;
      at += part.shape[y.attributes.axis!]!;
      return { part, offset };
    });
  }

  #call(fn: FunctionBody, kernel: Kernel, ...given: Argument[]): void {
    if (given.length !== IMPORTS[kernel]) throw new Error(`Kernel '${kernel}' takes ${IMPORTS[kernel]} arguments.`);
    for (const argument of given) {
      if (typeof argument === 'number') fn.integer(argument);
      else argument(fn);
    }
    fn.call(this.#module.imported(kernel));
  }

  // ---- tiles ----

  /** Parameters of `tile`. */
  static readonly #ARENA = 0;
  static readonly #SAMPLE = 1;
  static readonly #VALID = 2;
  /** Number of the step within the call. */
  static readonly #STEP = 3;
  static readonly #LANE = 4;
  /** 0 for a lane's first tile of a step, then 1. */
  static readonly #ACCUMULATE = 5;

  tileFunctions(): void {
    const { inputs, outputs } = this.#plan.program;
    const arrays = inputs.length;
    const enter = new FunctionBody(3);
    const leave = new FunctionBody(3);
    const tile = new FunctionBody(6);
    const advance = new FunctionBody(1);
    const recorders = { step: new FunctionBody(4), stride: new FunctionBody(4) };
    inputs.forEach((spec, i) => {
      if (!spec.perSample) return;
      this.#move(spec.perStep ? tile : enter, 'loadTile', spec.tensor, i, spec.perStep ? Emitter.#STEP : undefined);
      if (spec.next) {
        this.#move(leave, 'storeTile', spec.tensor, i);
        const bytes = sizeOf(spec.shape) * this.#lane;
        const [to, from] = [spec.tensor, spec.next].map((y) => this.#context.placeOf(y).address) as [number, number];
        advance.get(0).integer(to).addInteger().get(0).integer(from).addInteger().integer(bytes).copyMemory();
      }
    });
    outputs.forEach((output, i) => {
      if (!output.tensor.perSample) return;
      if (output.when === 'end') this.#move(leave, 'storeTile', output.tensor, arrays + i);
      else this.#move(recorders[output.when], 'storeTile', output.tensor, arrays + i, Emitter.#STEP);
    });
    const begun = new Set<Tensor>();
    this.#plan.units.tile.forEach((unit, i) => {
      this.#tileUnit(tile, unit, `tile${i}`, begun);
    });
    this.#module.add('enter', enter);
    this.#module.add('leave', leave);
    this.#module.add('tile', tile);
    this.#module.add('advance', advance);
    this.#module.add('recordStep', recorders.step);
    this.#module.add('recordStride', recorders.stride);
  }

  /** Between an array of the call, whose record number is in local `record`, and the tile. */
  #move(fn: FunctionBody, kernel: 'loadTile' | 'storeTile', y: Tensor, array: number, record?: number): void {
    const elements = sizeOf(y.shape);
    const inTile: Argument = (f) => this.#arena(f, this.#context.placeOf(y).address);
    const inArray: Argument = (f) => {
      f.get(Emitter.#SAMPLE);
      if (record !== undefined) f.get(record).loadInteger(HEADER.samples).multiplyInteger().addInteger();
      f.integer(4 * elements)
        .multiplyInteger()
        .loadInteger(HEADER.arrays + 4 * array)
        .addInteger();
    };
    const [to, from] = kernel === 'loadTile' ? [inTile, inArray] : [inArray, inTile];
    this.#call(fn, kernel, to, from, elements, this.#context.tile, (f) => f.get(Emitter.#VALID));
  }

  #arena(fn: FunctionBody, address: number): void {
    fn.get(Emitter.#ARENA);
    if (address !== 0) fn.integer(address).addInteger();
  }
  #at =
    (address: number): Argument =>
    (fn) =>
      this.#arena(fn, address);

  #tileUnit(fn: FunctionBody, unit: Unit, name: string, begun: Set<Tensor>): void {
    if (unit.kind === 'map' || unit.kind === 'reduce' || unit.kind === 'copy') {
      const index = this.#module.add(name, emitElementwise(unit, this.#context).body);
      fn.get(Emitter.#ARENA).call(index);
    } else if (unit.kind === 'accumulate') this.#accumulate(fn, unit, begun);
    else this.#operation(fn, unit.target, name);
  }

  #operation(fn: FunctionBody, y: Tensor, name: string): void {
    switch (y.primitive) {
      case 'matmul':
        this.#product(fn, y);
        return;
      case 'concat':
        this.#parts(y).forEach(({ part, offset }, i) => {
          const { body } = emitCopyInto(part, y, offset, this.#context);
          fn.get(Emitter.#ARENA).call(this.#module.add(`${name}part${i}`, body));
        });
        return;
      case 'gather': {
        const [table, index] = y.inputs as [Tensor, Tensor];
        const row = sizeOf(table.shape.slice(1));
        const indexView = this.#plan.views.of(index);
        const indexPlace = this.#context.placeOf(indexView.root);
        const out = this.#context.placeOf(y).address;
        const from =
          this.#context.placeOf(this.#plan.views.of(table).root).address + 4 * this.#plan.views.of(table).offset;
        const indexStrides = stridesOf(index.shape);
        for (let i = 0; i < sizeOf(index.shape); i++) {
          const place = index.shape.reduce(
            (n, size, axis) => n + (Math.floor(i / indexStrides[axis]!) % size) * indexView.strides[axis]!,
            0,
          );
          const at = indexPlace.address + indexPlace.elementBytes * (indexView.offset + place);
          this.#call(
            fn,
            'gatherTile',
            this.#at(out + i * row * this.#lane),
            from,
            this.#at(at),
            row,
            this.#context.tile,
            table.shape[0]!,
          );
        }
        return;
      }
      case 'uniform':
      case 'normal':
        this.#draw(fn, y, name);
        return;
      default:
        throw new Error(`The wasm engine cannot compute a per-sample '${y.primitive}'.`);
    }
  }

  #product(fn: FunctionBody, y: Tensor): void {
    const { weight, x, kAxis, oAxis, xkAxis, xrAxis } = productOf(y);
    const [I, J] = y.shape.slice(-2) as [number, number];
    const lane = this.#lane;
    const T = this.#context.tile;
    for (let batch = 0; batch < batchCount(y); batch++) {
      const out = this.#at(this.#context.placeOf(y).address + batch * I * J * lane);
      if (weight && x) {
        const m = this.#matrix(x, batch);
        const [xk, xr] = xkAxis === -1 ? [m.column, m.row] : [m.row, m.column];
        const [K, O, R] = [weight.shape.at(kAxis)!, weight.shape.at(oAxis)!, x.shape.at(xrAxis)!];
        // The weight is the right factor when it is the second operand; then its outputs are columns.
        const [oStride, rStride] = weight === y.inputs[1] ? [lane, J * lane] : [J * lane, lane];
        const packed = this.#packs.addressOf(weight, batch, kAxis, oAxis);
        this.#call(fn, 'gemm', out, packed, this.#at(m.address), K, O, R, oStride, rStride, xk, xr, T, 0);
      } else {
        const { p, q, K } = this.#pair(y, batch);
        this.#call(
          fn,
          'gemmPair',
          out,
          this.#at(p.address),
          this.#at(q.address),
          I,
          J,
          K,
          p.i,
          p.k,
          q.k,
          q.j,
          J * lane,
          lane,
          T,
          0,
        );
      }
    }
  }

  /** Both factors of one product of a batch with strides by role. */
  #pair(y: Tensor, batch: number) {
    const [a, b] = y.inputs as [Tensor, Tensor];
    const { transposeA, transposeB } = y.attributes;
    const p = this.#matrix(a, batch);
    const q = this.#matrix(b, batch);
    return {
      K: a.shape.at(transposeA ? -2 : -1)!,
      p: transposeA ? { address: p.address, i: p.column, k: p.row } : { address: p.address, i: p.row, k: p.column },
      q: transposeB ? { address: q.address, k: q.column, j: q.row } : { address: q.address, k: q.row, j: q.column },
    };
  }

  #accumulate(fn: FunctionBody, unit: Extract<Unit, { kind: 'accumulate' }>, begun: Set<Tensor>): void {
    const flag: Argument = begun.has(unit.target) ? 1 : (f) => f.get(Emitter.#ACCUMULATE);
    begun.add(unit.target);
    const T = this.#context.tile;
    const valid: Argument = (f) => f.get(Emitter.#VALID);
    const out =
      (offset: number): Argument =>
      (f) => {
        f.get(Emitter.#LANE)
          .integer(this.#layout.accumulators.get(unit.target)! + offset)
          .addInteger();
      };
    const y = unit.product;
    if (y === undefined) {
      const { address } = this.#context.placeOf(this.#plan.views.of(unit.a).root);
      this.#call(fn, 'sumSamples', out(0), this.#at(address), sizeOf(unit.a.shape), T, valid, flag);
      return;
    }
    const [I, J] = y.shape.slice(-2) as [number, number];
    for (let batch = 0; batch < batchCount(y); batch++) {
      const { p, q, K } = this.#pair(y, batch);
      const to = out(4 * batch * I * J);
      // The second operand is packed: let that be the smaller one where the kernel can store either way.
      this.scratchBytes = Math.max(this.scratchBytes, gemmSamplesScratch(K, J, T));
      this.#call(
        fn,
        'gemmSamples',
        to,
        this.#at(p.address),
        this.#at(q.address),
        K,
        I,
        J,
        p.k,
        p.i,
        q.k,
        q.j,
        4 * J,
        4,
        T,
        valid,
        this.#at(this.#scratch),
        flag,
      );
    }
  }

  #draw(fn: FunctionBody, y: Tensor, name: string): void {
    const elements = sizeOf(y.shape);
    const blocks = Math.ceil(elements / 4);
    const { address } = this.#context.placeOf(y);
    const first: Argument = (f) => {
      f.loadInteger(HEADER.firstSample).get(Emitter.#SAMPLE).addInteger();
    };
    const last: Argument = (f) => {
      (first as (f: FunctionBody) => void)(f);
      f.get(Emitter.#VALID).addInteger().integer(1).subtractInteger();
    };
    const step: Argument = (f) => f.loadInteger(HEADER.firstStep).get(Emitter.#STEP).addInteger();
    const seed: Argument[] = [(f) => f.loadInteger(HEADER.seedLow), (f) => f.loadInteger(HEADER.seedHigh)];
    const kind = y.primitive === 'normal' ? PHILOX_BOX_MULLER : PHILOX_UNIFORM;
    this.#call(
      fn,
      'philox',
      this.#at(address),
      blocks,
      this.#context.tile,
      first,
      last,
      step,
      y.attributes.stream!,
      ...seed,
      kind,
    );
    if (y.primitive === 'normal') {
      const index = this.#module.add(name, emitBoxMuller(address, 2 * blocks, this.#context));
      fn.get(Emitter.#ARENA).call(index);
    }
  }
}
