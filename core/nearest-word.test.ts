import { expect, test } from 'vitest';
import { editDistance, nearestWord, suggest } from './nearest-word.ts';

test.each([
  ['', '', 0],
  ['kitten', 'sitting', 3],
  ['sampel', 'sample', 1],
  ['', 'abc', 3],
  ['abc', '', 3],
])('from %j to %j it takes %i edits', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance);
});

test('the nearest word is found, a far one is not', () => {
  const known = ['train', 'sample', 'simulate', 'evaluate'];
  expect(nearestWord('simulat', known)).toBe('simulate');
  expect(nearestWord('SAMPLE', known)).toBe('sample');
  expect(nearestWord('xyzzyxyzzy', known)).toBeUndefined();
  expect(suggest('trian', known)).toBe('did you mean `train`?');
  expect(suggest('xyzzyxyzzy', known)).toBe('known are train, sample, simulate, evaluate.');
});
