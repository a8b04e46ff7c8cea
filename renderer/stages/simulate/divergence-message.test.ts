import { expect, it } from 'vitest';
import { divergenceMessage } from './divergence-message.ts';

const begins = (own: boolean, all: number, replicas: number) =>
  divergenceMessage({ own, all }, replicas).replace(/\s/gu, ' ').split(' diverged ')[0];

it('says which replicas have diverged, the one shown first', () => {
  expect(begins(true, 1, 1)).toBe('It has');
  expect(begins(true, 1, 4)).toBe('This replica has');
  expect(begins(true, 2, 4)).toBe('This replica and 1 other have');
  expect(begins(true, 4, 4)).toBe('This replica and 3 others have');
  expect(begins(false, 1, 4)).toBe('1 of 4 replicas has');
  expect(begins(false, 3, 4)).toBe('3 of 4 replicas have');
});
