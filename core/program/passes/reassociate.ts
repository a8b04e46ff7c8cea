/**
 * Matrix chains: (x · A) · B = x · (A · B) where A and B are shared and the product is cheaper for every sample.
 * A · B is then shared work, computed once for all samples.
 */
import { matmul } from '../primitives.ts';
import type { Tensor } from '../tensor.ts';
import { type Pass, rewrite, useCounts } from './rewrite.ts';

export const reassociate: Pass = (program) => {
  const before = useCounts(program);
  return rewrite(program, (y, original) => {
    if (y.primitive !== 'matmul' || y.attributes.transposeA) return y;
    const [inner, right] = y.inputs as [Tensor, Tensor];
    if (inner.primitive !== 'matmul' || !inner.perSample || right.perSample) return y;
    if (inner.attributes.transposeA || before.get(original.inputs[0]!)! > 1) return y;
    const [left, middle] = inner.inputs as [Tensor, Tensor];
    if (middle.perSample || !left.perSample) return y;
    const k = left.shape.at(-1)!;
    const m = inner.shape.at(-1)!;
    const n = y.shape.at(-1)!;
    if (k * n >= m * (k + n)) return y;
    const { transposeB: tm } = inner.attributes;
    const { transposeB: tr } = y.attributes;
    // For (Mᵀ)(Rᵀ) = (R M)ᵀ the operands change places instead of being transposed twice.
    return tm && tr ? matmul(left, matmul(right, middle), false, true) : matmul(left, matmul(middle, right, tm, tr));
  });
};
