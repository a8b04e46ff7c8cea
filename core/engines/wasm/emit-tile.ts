/**
 * Code for the per-sample part: `tile` runs all units on one tile; `enter`, `advance`, `leave` and the recorders move
 * numbers between the arrays of the call and the tile.
 */
import type { Plan, Unit } from '../../program/passes/fuse.ts';
import { sizeOf, stridesOf, type Tensor } from '../../program/tensor.ts';
import { type EmitContext, emitBoxMuller, emitCopyInto, emitElementwise } from './emit-unit.ts';
import { type Argument, Emitter } from './emitter.ts';
import { FunctionBody, type ModuleBuilder } from './encode.ts';
import { gemmSamplesScratch, PHILOX_BOX_MULLER, PHILOX_UNIFORM } from './kernels.ts';
import { HEADER, type Layout } from './layout.ts';
import { batchCount, type Packs, productOf } from './products.ts';

export class TileEmitter extends Emitter {
  /** Bytes of one element of a tile, all samples. */
  readonly #lane: number;
  /** Scratch lies behind the arena's tensors. */
  readonly #scratch: number;
  scratchBytes = 64;

  constructor(plan: Plan, layout: Layout, module: ModuleBuilder, context: EmitContext, packs: Packs) {
    super(plan, layout, module, context, packs);
    this.#lane = 4 * context.tile;
    this.#scratch = layout.arena.size * this.#lane;
  }

  /** Parameters of `tile`. */
  static readonly #ARENA = 0;
  static readonly #SAMPLE = 1;
  static readonly #VALID = 2;
  /** Number of the step within the call. */
  static readonly #STEP = 3;
  static readonly #LANE = 4;
  /** 0 for a lane's first tile of a step, then 1. */
  static readonly #ACCUMULATE = 5;

  functions(): void {
    const { inputs, outputs } = this.plan.program;
    const arrays = inputs.length;
    const enter = new FunctionBody(3);
    const leave = new FunctionBody(3);
    const tile = new FunctionBody(6);
    const advance = new FunctionBody(1);
    const recorders = { step: new FunctionBody(4), stride: new FunctionBody(4) };
    inputs.forEach((spec, i) => {
      if (!spec.perSample) return;
      this.#move(spec.perStep ? tile : enter, 'loadTile', spec.tensor, i, spec.perStep ? TileEmitter.#STEP : undefined);
      if (spec.next) {
        this.#move(leave, 'storeTile', spec.tensor, i);
        const bytes = sizeOf(spec.shape) * this.#lane;
        const [to, from] = [spec.tensor, spec.next].map((y) => this.context.placeOf(y).address) as [number, number];
        advance.get(0).integer(to).addInteger().get(0).integer(from).addInteger().integer(bytes).copyMemory();
      }
    });
    outputs.forEach((output, i) => {
      if (!output.tensor.perSample) return;
      if (output.when === 'end') this.#move(leave, 'storeTile', output.tensor, arrays + i);
      else this.#move(recorders[output.when], 'storeTile', output.tensor, arrays + i, TileEmitter.#STEP);
    });
    const begun = new Set<Tensor>();
    this.plan.units.tile.forEach((unit, i) => {
      this.#tileUnit(tile, unit, `tile${i}`, begun);
    });
    this.module.add('enter', enter);
    this.module.add('leave', leave);
    this.module.add('tile', tile);
    this.module.add('advance', advance);
    this.module.add('recordStep', recorders.step);
    this.module.add('recordStride', recorders.stride);
  }

  /** Between an array of the call, whose record number is in local `record`, and the tile. */
  #move(fn: FunctionBody, kernel: 'loadTile' | 'storeTile', y: Tensor, array: number, record?: number): void {
    const elements = sizeOf(y.shape);
    const inTile: Argument = (f) => this.#arena(f, this.context.placeOf(y).address);
    const inArray: Argument = (f) => {
      f.get(TileEmitter.#SAMPLE);
      if (record !== undefined) f.get(record).loadInteger(HEADER.samples).multiplyInteger().addInteger();
      f.integer(4 * elements)
        .multiplyInteger()
        .loadInteger(HEADER.arrays + 4 * array)
        .addInteger();
    };
    const [to, from] = kernel === 'loadTile' ? [inTile, inArray] : [inArray, inTile];
    this.call(fn, kernel, to, from, elements, this.context.tile, (f) => f.get(TileEmitter.#VALID));
  }

  #arena(fn: FunctionBody, address: number): void {
    fn.get(TileEmitter.#ARENA);
    if (address !== 0) fn.integer(address).addInteger();
  }
  #at =
    (address: number): Argument =>
    (fn) =>
      this.#arena(fn, address);

  #tileUnit(fn: FunctionBody, unit: Unit, name: string, begun: Set<Tensor>): void {
    if (unit.kind === 'map' || unit.kind === 'reduce' || unit.kind === 'copy') {
      const index = this.module.add(name, emitElementwise(unit, this.context).body);
      fn.get(TileEmitter.#ARENA).call(index);
    } else if (unit.kind === 'accumulate') this.#accumulate(fn, unit, begun);
    else this.#operation(fn, unit.target, name);
  }

  #operation(fn: FunctionBody, y: Tensor, name: string): void {
    switch (y.primitive) {
      case 'matmul':
        this.#product(fn, y);
        return;
      case 'concat':
        this.parts(y).forEach(({ part, offset }, i) => {
          const { body } = emitCopyInto(part, y, offset, this.context);
          fn.get(TileEmitter.#ARENA).call(this.module.add(`${name}part${i}`, body));
        });
        return;
      case 'gather': {
        const [table, index] = y.inputs as [Tensor, Tensor];
        const row = sizeOf(table.shape.slice(1));
        const indexView = this.plan.views.of(index);
        const indexPlace = this.context.placeOf(indexView.root);
        const out = this.context.placeOf(y).address;
        const from =
          this.context.placeOf(this.plan.views.of(table).root).address + 4 * this.plan.views.of(table).offset;
        const indexStrides = stridesOf(index.shape);
        for (let i = 0; i < sizeOf(index.shape); i++) {
          const place = index.shape.reduce(
            (n, size, axis) => n + (Math.floor(i / indexStrides[axis]!) % size) * indexView.strides[axis]!,
            0,
          );
          const at = indexPlace.address + indexPlace.elementBytes * (indexView.offset + place);
          this.call(
            fn,
            'gatherTile',
            this.#at(out + i * row * this.#lane),
            from,
            this.#at(at),
            row,
            this.context.tile,
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
    const T = this.context.tile;
    for (let batch = 0; batch < batchCount(y); batch++) {
      const out = this.#at(this.context.placeOf(y).address + batch * I * J * lane);
      if (weight && x) {
        const m = this.matrix(x, batch);
        const [xk, xr] = xkAxis === -1 ? [m.column, m.row] : [m.row, m.column];
        const [K, O, R] = [weight.shape.at(kAxis)!, weight.shape.at(oAxis)!, x.shape.at(xrAxis)!];
        // The weight is the right factor when it is the second operand; then its outputs are columns.
        const [oStride, rStride] = weight === y.inputs[1] ? [lane, J * lane] : [J * lane, lane];
        const packed = this.packs.addressOf(weight, batch, kAxis, oAxis);
        const valid: Argument = (f) => f.get(TileEmitter.#VALID);
        this.call(fn, 'gemm', out, packed, this.#at(m.address), K, O, R, oStride, rStride, xk, xr, T, valid, 0);
      } else {
        const { p, q, K } = this.#pair(y, batch);
        this.call(
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
    const p = this.matrix(a, batch);
    const q = this.matrix(b, batch);
    return {
      K: a.shape.at(transposeA ? -2 : -1)!,
      p: transposeA ? { address: p.address, i: p.column, k: p.row } : { address: p.address, i: p.row, k: p.column },
      q: transposeB ? { address: q.address, k: q.column, j: q.row } : { address: q.address, k: q.row, j: q.column },
    };
  }

  #accumulate(fn: FunctionBody, unit: Extract<Unit, { kind: 'accumulate' }>, begun: Set<Tensor>): void {
    const flag: Argument = begun.has(unit.target) ? 1 : (f) => f.get(TileEmitter.#ACCUMULATE);
    begun.add(unit.target);
    const T = this.context.tile;
    const valid: Argument = (f) => f.get(TileEmitter.#VALID);
    const out =
      (offset: number): Argument =>
      (f) => {
        f.get(TileEmitter.#LANE)
          .integer(this.layout.accumulators.get(unit.target)! + offset)
          .addInteger();
      };
    const y = unit.product;
    if (y === undefined) {
      const { address } = this.context.placeOf(this.plan.views.of(unit.a).root);
      this.call(fn, 'sumSamples', out(0), this.#at(address), sizeOf(unit.a.shape), T, valid, flag);
      return;
    }
    const [I, J] = y.shape.slice(-2) as [number, number];
    for (let batch = 0; batch < batchCount(y); batch++) {
      const { p, q, K } = this.#pair(y, batch);
      const to = out(4 * batch * I * J);
      // The second operand is packed: let that be the smaller one where the kernel can store either way.
      this.scratchBytes = Math.max(this.scratchBytes, gemmSamplesScratch(K, J, T));
      this.call(
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
    const { address } = this.context.placeOf(y);
    const first: Argument = (f) => {
      f.loadInteger(HEADER.firstSample).get(TileEmitter.#SAMPLE).addInteger();
    };
    const last: Argument = (f) => {
      (first as (f: FunctionBody) => void)(f);
      f.get(TileEmitter.#VALID).addInteger().integer(1).subtractInteger();
    };
    const step: Argument = (f) => f.loadInteger(HEADER.firstStep).get(TileEmitter.#STEP).addInteger();
    const seed: Argument[] = [(f) => f.loadInteger(HEADER.seedLow), (f) => f.loadInteger(HEADER.seedHigh)];
    const kind = y.primitive === 'normal' ? PHILOX_BOX_MULLER : PHILOX_UNIFORM;
    this.call(
      fn,
      'philox',
      this.#at(address),
      blocks,
      this.context.tile,
      first,
      last,
      step,
      y.attributes.stream!,
      ...seed,
      kind,
    );
    if (y.primitive === 'normal') {
      const index = this.module.add(name, emitBoxMuller(address, 2 * blocks, this.context));
      fn.get(TileEmitter.#ARENA).call(index);
    }
  }
}
