import { expect, test } from 'vitest';
import { productOperations } from './operations.ts';
import { matmul, sumOverSamples, tanh } from './primitives.ts';
import { trace } from './program.ts';

test('products count once for each sample, once a step where they are shared, and not at all where they are hoisted', () => {
  const program = trace(
    'products',
    { w: { shape: [4, 6] }, s: { shape: [3, 4], perStep: true }, x: { shape: [2, 6], perSample: true } },
    ({ w, s, x }) => ({
      end: {
        once: matmul(w, w, true, false),
        step: matmul(s, w),
        each: sumOverSamples(tanh(matmul(x, w, false, true))),
      },
    }),
  );
  const [step, each] = [2 * 3 * 6 * 4, 2 * 2 * 4 * 6];
  expect(productOperations(program, 10)).toBe(step + 10 * each);
});
