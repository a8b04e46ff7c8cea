import { expect, test } from 'vitest';
import { allOperations, leastBytes, productOperations } from './operations.ts';
import { add, matmul, sumOverSamples, tanh } from './primitives.ts';
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

test('everything counts, tanh as what it takes; what moves is read once, and written once where it is kept', () => {
  const program = trace(
    'walk',
    {
      x: { shape: [2, 6], perSample: true, state: true },
      w: { shape: [6, 6] },
      push: { shape: [6], perStep: true },
    },
    ({ x, w, push }) => ({ state: { x: add(tanh(matmul(x, w)), push) }, step: { seen: push }, stride: { frame: x } }),
  );
  expect(allOperations(program, 10)).toBe(10 * (2 * 2 * 6 * 6 + 18 * 12 + 12));
  const [x, w, push, seen] = [10 * 12, 36, 6, 6];
  expect(leastBytes(program, 10)).toBe(4 * (2 * x + w + push + seen));
});
