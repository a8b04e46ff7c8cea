/**
 * Matrix products as the kernels see them: which factor is shared, which axes are contracted, where one matrix of a
 * batch lies, and the packed copies of shared factors. Not here: the calls themselves (`emit-tile.ts`).
 */
import type { Plan } from '../../program/passes/fuse.ts';
import { sizeOf, type Tensor } from '../../program/tensor.ts';
import { packedBytes } from './kernels.ts';

/** Shared matrices in the form that the product kernel reads, each packed once wherever it is used. */
export class Packs {
  readonly #addresses = new Map<string, number>();
  readonly list: {
    readonly key: string;
    x: Tensor;
    batch: number;
    K: number;
    O: number;
    kAxis: number;
    oAxis: number;
  }[] = [];
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

export const batchCount = (x: Tensor): number => sizeOf(x.shape.slice(0, -2));

/** Offset in elements of the i-th matrix of a batch. */
export function batchOffset(x: Tensor, strides: readonly number[], i: number): number {
  let rest = i;
  let offset = 0;
  for (let axis = x.shape.length - 3; axis >= 0; axis--) {
    offset += (rest % x.shape[axis]!) * strides[axis]!;
    rest = Math.floor(rest / x.shape[axis]!);
  }
  return offset;
}

/** A product seen as out[o, r] = Σ_k weight[k, o] · x[k, r], when one side is shared; axes are −1 or −2. */
export function productOf(y: Tensor): {
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
