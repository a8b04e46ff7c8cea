/**
 * Code for the work that all samples share: one function for each unit, in levels between which threads meet. Every
 * function takes the range of its outermost axis that a thread shall do.
 */
import { inputsOf, outputsOf, type Unit } from '../../program/passes/fuse.ts';
import type { Stage } from '../../program/passes/stages.ts';
import { ruleOf } from '../../program/primitives.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { emitCopyInto, emitElementwise } from './emit-unit.ts';
import { type Argument, Emitter } from './emitter.ts';
import { FunctionBody } from './encode.ts';
import { panelCount } from './kernels.ts';
import { batchCount, batchOffset } from './products.ts';

/** Shared work: function `name` for the range 0…extent, which threads divide. */
export interface SharedUnit {
  readonly name: string;
  readonly extent: number;
}

/** Units that may run in any order and at once; or, where that is not worth a meeting of threads, in order by one. */
export interface ParallelLevel {
  readonly alone: boolean;
  readonly units: readonly SharedUnit[];
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
function withFewMeetings(levels: readonly (readonly (SharedUnit & { work: number })[])[]): ParallelLevel[] {
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

export class SharedEmitter extends Emitter {
  stage(stage: Exclude<Stage, 'tile'>): ParallelLevel[] {
    const levels: (SharedUnit & { work: number })[][] = [];
    const levelOf = new Map<Tensor, number>();
    const add = (level: number, unit: SharedUnit & { work: number }) => {
      while (levels.length <= level) levels.push([]);
      levels[level]!.push(unit);
    };
    this.plan.units[stage].forEach((unit, i) => {
      if (unit.kind === 'op' && this.layout.joined.has(unit.target)) {
        // Nothing to do: it is there as soon as its last part is.
        const last = Math.max(...unit.target.inputs.map((x) => levelOf.get(this.plan.views.of(x).root) ?? -1));
        levelOf.set(unit.target, last);
        return;
      }
      const level = Math.max(0, ...inputsOf(unit).map((x) => (levelOf.get(this.plan.views.of(x).root) ?? -1) + 1));
      for (const y of outputsOf(unit)) levelOf.set(y, level);
      const work = workOf(unit);
      for (const emitted of this.#sharedUnit(unit, `${stage}${i}`)) add(level, { ...emitted, work });
    });
    this.packs.list.forEach(({ x, batch, K, O, kAxis, oAxis }, i) => {
      if (this.plan.stages.get(x) !== stage) return;
      const view = this.plan.views.of(x);
      const root = this.context.placeOf(view.root);
      const fn = new FunctionBody(2);
      const from = root.address + 4 * (view.offset + batchOffset(x, view.strides, batch));
      const [k, o] = [4 * view.strides.at(kAxis)!, 4 * view.strides.at(oAxis)!];
      this.call(
        fn,
        'pack',
        this.packs.addressOf(x, batch, kAxis, oAxis),
        from,
        K,
        O,
        k,
        o,
        (f) => f.get(0),
        (f) => f.get(1),
      );
      const name = `${stage}Pack${i}`;
      this.module.add(name, fn);
      add((levelOf.get(view.root) ?? -1) + 1, { name, extent: panelCount(O), work: K * O });
    });
    return withFewMeetings(levels);
  }

  #sharedUnit(unit: Unit, name: string): SharedUnit[] {
    if (unit.kind === 'map' || unit.kind === 'reduce' || unit.kind === 'copy') {
      const { body, extent } = emitElementwise(unit, this.context);
      this.module.add(name, body);
      return [{ name, extent }];
    }
    const y = unit.kind === 'op' ? unit.target : undefined;
    if (y?.primitive === 'concat') {
      return this.parts(y).map(({ part, offset }, i) => {
        const { body, extent } = emitCopyInto(part, y, offset, this.context);
        this.module.add(`${name}part${i}`, body);
        return { name: `${name}part${i}`, extent };
      });
    }
    if (y?.primitive === 'matmul') {
      const [a, b] = y.inputs as [Tensor, Tensor];
      const { transposeA, transposeB } = y.attributes;
      const [I, J] = y.shape.slice(-2) as [number, number];
      const K = a.shape.at(transposeA ? -2 : -1)!;
      const fn = new FunctionBody(2);
      const out = this.context.placeOf(y);
      for (let batch = 0; batch < batchCount(y); batch++) {
        const p = this.matrix(a, batch);
        const q = this.matrix(b, batch);
        const [aI, aK] = transposeA ? [p.column, p.row] : [p.row, p.column];
        const [bK, bJ] = transposeB ? [q.column, q.row] : [q.row, q.column];
        const range: Argument[] = [(f) => f.get(0), (f) => f.get(1)];
        this.call(
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
      this.module.add(name, fn);
      return [{ name, extent: I }];
    }
    throw new Error(`The wasm engine cannot compute a shared '${y?.primitive ?? unit.kind}'.`);
  }
}
