/** Shapes: what broadcasting gives, and that every impossible request is answered with a sentence. */
import { expect, test } from 'vitest';
import * as p from './primitives.ts';
import type { Shape } from './tensor.ts';

const x = (...shape: number[]) => p.input('x', shape, false);

test.each<[Shape, Shape, Shape]>([
  [[3], [3], [3]],
  [[], [2, 3], [2, 3]],
  [[3], [2, 3], [2, 3]],
  [[2, 1], [3], [2, 3]],
  [
    [2, 1, 4],
    [3, 1],
    [2, 3, 4],
  ],
  [[1], [1, 1], [1, 1]],
])('element-wise operands of shapes [%s] and [%s] give [%s]', (a, b, expected) => {
  expect(p.add(x(...a), x(...b)).shape).toEqual(expected);
  expect(p.mul(x(...b), x(...a)).shape).toEqual(expected);
});

test.each<[string, () => unknown, string]>([
  ['add', () => p.add(x(2), x(3)), 'Shapes [2] and [3] do not match.'],
  ['select', () => p.select(x(2, 2), x(2), x(3)), 'Shapes [2,2] and [3] do not match.'],
  ['matmul', () => p.matmul(x(2, 3), x(4, 5)), 'Cannot multiply [2,3] by [4,5].'],
  ['matmul of vectors', () => p.matmul(x(3), x(3)), 'Cannot multiply [3] by [3].'],
  ['matmul transposed', () => p.matmul(x(2, 3), x(3, 5), true), 'Cannot multiply [2,3]ᵀ by [3,5].'],
  ['matmul batches', () => p.matmul(x(2, 3, 4), x(3, 4, 5)), 'Cannot multiply [2,3,4] by [3,4,5].'],
  ['broadcast', () => p.broadcast(x(3), [2, 4], [1]), 'Cannot broadcast [3] to [2,4].'],
  ['reshape', () => p.reshape(x(2, 3), [4]), 'Cannot reshape [2,3] to [4].'],
  ['slice', () => p.slice(x(2, 3), 1, 2, 5), 'Cannot take 2…5 of axis 1 of [2,3].'],
  ['empty slice', () => p.slice(x(2, 3), 1, 2, 2), 'Cannot take 2…2 of axis 1 of [2,3].'],
  ['slice axis', () => p.slice(x(2), 3, 0, 1), '[3] are not different axes of [2].'],
  ['concat', () => p.concat([x(2, 3), x(3, 4)], 0), 'Cannot join [2,3] and [3,4] along axis 0.'],
  ['concat ranks', () => p.concat([x(2), x(2, 2)], 0), 'Cannot join [2] and [2,2] along axis 0.'],
  ['constant', () => p.constant([1, 2, 3], [2]), '3 values do not fill the shape [2].'],
])('%s of impossible shapes is a sentence', (_, build, message) => {
  expect(build).toThrow(message);
});

test('the shape rules of everything that moves elements', () => {
  expect(p.sum(x(2, 3, 4), [0, -1]).shape).toEqual([3]);
  expect(p.sum(x(2, 3)).shape).toEqual([]);
  expect(p.max(x(2, 3, 4), [1]).shape).toEqual([2, 4]);
  expect(p.transpose(x(2, 3, 4), [2, 0, 1]).shape).toEqual([4, 2, 3]);
  expect(p.slice(x(2, 5), -1, 1, 4).shape).toEqual([2, 3]);
  expect(p.concat([x(2, 3), x(2, 1)], -1).shape).toEqual([2, 4]);
  expect(p.gather(x(7, 2), x(3, 4)).shape).toEqual([3, 4, 2]);
  expect(p.matmul(x(5, 3, 2), x(5, 4, 2), false, true).shape).toEqual([5, 3, 4]);
  expect(p.matmul(x(5, 3, 2), x(2, 4)).shape).toEqual([5, 3, 4]);
  expect(p.broadcastTo(x(1, 3), [2, 4, 3]).shape).toEqual([2, 4, 3]);
  expect(p.oneHot(x(3), 5).shape).toEqual([3, 5]);
});

test('operations that change nothing return their input', () => {
  const y = x(2, 3);
  expect(p.reshape(y, [2, 3])).toBe(y);
  expect(p.transpose(y, [0, 1])).toBe(y);
  expect(p.slice(y, 1, 0, 3)).toBe(y);
  expect(p.concat([y], 0)).toBe(y);
  expect(p.sum(y, [])).toBe(y);
  expect(p.broadcastTo(y, [2, 3])).toBe(y);
});
