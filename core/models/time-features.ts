/**
 * Diffusion time t ∈ [0, 1] as a network sees it (method §4): `[t−½, cos 2πt, sin 2πt, −cos 4πt]` and, for an expert
 * on (t0, t1), the three periodic features of `(t−t0)/(t1−t0)` as well. t may be shared or per-sample.
 */
import { concat, cos, mul, neg, reshape, sin, sub } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';

/** The part of diffusion time that an expert answers for, t0 < t1. */
export type TimeRange = readonly [t0: number, t1: number];

const isWhole = ([t0, t1]: TimeRange): boolean => t0 === 0 && t1 === 1;

export const timeFeatureCount = (range: TimeRange): number => (isWhole(range) ? 4 : 7);

const periodic = (t: Tensor): Tensor[] => [
  cos(mul(t, 2 * Math.PI)),
  sin(mul(t, 2 * Math.PI)),
  neg(cos(mul(t, 4 * Math.PI))),
];

/** [] → [4] or [7]. */
export function timeFeatures(t: Tensor, range: TimeRange): Tensor {
  const [t0, t1] = range;
  const features = [sub(t, 0.5), ...periodic(t), ...(isWhole(range) ? [] : periodic(mul(sub(t, t0), 1 / (t1 - t0))))];
  return concat(
    features.map((feature) => reshape(feature, [1])),
    0,
  );
}
