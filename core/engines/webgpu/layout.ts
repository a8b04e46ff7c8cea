/**
 * Where tensors lie on the device, in float32 numbers: shared ones at places of their own in one buffer, those of
 * samples in an arena that is planned for one sample. Neighbouring invocations are to read neighbouring numbers: where
 * they have neighbouring samples, each element lies there for all samples side by side; where a workgroup has a sample
 * to itself, sample lies after sample.
 */
import { outputsOf, type Plan } from '../../program/passes/fuse.ts';
import { planMemory } from '../../program/passes/memory.ts';
import { rootsOf } from '../../program/program.ts';
import { reachable, sizeOf, type Tensor } from '../../program/tensor.ts';
import { placeText } from './wgsl.ts';

/** Where the numbers along an axis are: texts of WGSL. Some compilers do not hoist out of a loop what is written in it. */
export interface Line {
  readonly buffer: 'fixed' | 'arena';
  /** What is the same for all samples, and with that by its name, where the first number is. */
  readonly base: string;
  readonly start: (base: string, sample: string) => string;
  /** From one number to the next. */
  readonly step: string;
}

export class Layout {
  /** Numbers of the arena for each sample. */
  readonly perSample: number;
  readonly constants: readonly { readonly at: number; readonly values: Float32Array }[];
  readonly #plan: Plan;
  /** Sample lies after sample. */
  readonly bySample: boolean;
  readonly #arena: ReadonlyMap<Tensor, number>;
  readonly #fixed = new Map<Tensor, number>();
  readonly #scratch: number;
  #scratched = 0;

  constructor(plan: Plan, bySample: boolean) {
    this.#plan = plan;
    this.bySample = bySample;
    const { program, views, units, accumulators } = plan;
    const ends = [...program.inputs.map(({ tensor }) => tensor), ...rootsOf(program)];
    const alive = ends.filter((y) => y.perSample && views.isRoot(y));
    // Draws fill whole blocks of four.
    const { offsets, size } = planMemory(units.tile, views, alive, 4);
    this.#arena = offsets;
    this.perSample = size;
    let end = 0;
    const reserve = (y: Tensor) => {
      if (this.#fixed.has(y)) return;
      this.#fixed.set(y, end);
      end += Math.ceil(Math.max(sizeOf(y.shape), 1) / 4) * 4;
    };
    const constants: { at: number; values: Float32Array }[] = [];
    for (const y of reachable(ends)) {
      if (y.primitive === 'constant') {
        reserve(y);
        constants.push({ at: this.#fixed.get(y)!, values: Float32Array.from(y.attributes.values!) });
      } else if (y.primitive === 'input' && !y.perSample) reserve(y);
    }
    for (const unit of [...units.call, ...units.step, ...units.post]) for (const y of outputsOf(unit)) reserve(y);
    for (const y of accumulators) reserve(y);
    this.constants = constants;
    this.#scratch = end;
  }

  /** Numbers of all shared tensors, and of what is shared for a moment. */
  get shared(): number {
    return Math.max(this.#scratch + this.#scratched, 4);
  }

  /** Where so many numbers may lie from one shader to the next one: in the same place as what did so before. */
  scratch(numbers: number): number {
    this.#scratched = Math.max(this.#scratched, numbers);
    return this.#scratch;
  }

  /** Where a root tensor begins: in its buffer, or in a sample's part of the arena. */
  placeOf(root: Tensor): number {
    const at = (root.perSample ? this.#arena : this.#fixed).get(root);
    if (at === undefined) throw new Error(`A '${root.primitive}' of shape [${root.shape}] has no place.`);
    return at;
  }

  /**
   * The number of a tensor at these indices, one for each axis, of the sample of that name: a text of WGSL. Axes of
   * length 1 need no index.
   */
  load(x: Tensor, indices: readonly string[], sample = 's'): string {
    return this.#element(this.#plan.views.of(x).root, this.#index(x, indices), sample);
  }

  /** The numbers of a tensor along an axis, at these indices for the other ones. */
  line(x: Tensor, indices: readonly string[], axis: number): Line {
    const { root, strides } = this.#plan.views.of(x);
    const base = this.#index(x, indices, axis);
    const step = `${x.shape[axis] === 1 ? 0 : strides[axis]}u`;
    if (!root.perSample) return { buffer: 'fixed', base, start: (from) => from, step };
    if (this.bySample)
      return { buffer: 'arena', base, start: (from, sample) => `${from} + ${sample} * ${this.perSample}u`, step };
    return {
      buffer: 'arena',
      base: `(${base}) * now.samples`,
      start: (from, sample) => `${from} + ${sample}`,
      step: `${step} * now.samples`,
    };
  }

  /** In the root of a tensor, without `left`, an axis. */
  #index(x: Tensor, indices: readonly string[], left?: number): string {
    const { root, offset, strides } = this.#plan.views.of(x);
    const terms = x.shape.flatMap((size, axis) => {
      const stride = strides[axis]!;
      if (size === 1 || stride === 0 || axis === left) return [];
      return [stride === 1 ? indices[axis]! : `${indices[axis]} * ${stride}u`];
    });
    return [placeText(this.placeOf(root) + offset), ...terms].join(' + ');
  }

  /** The element of a root tensor at this number. */
  element(root: Tensor, index: string, sample = 's'): string {
    return this.#element(root, `${placeText(this.placeOf(root))} + ${index}`, sample);
  }

  #element(root: Tensor, index: string, sample: string): string {
    if (!root.perSample) return `fixed[${index}]`;
    return this.bySample
      ? `arena[${sample} * ${this.perSample}u + ${index}]`
      : `arena[(${index}) * now.samples + ${sample}]`;
  }
}
