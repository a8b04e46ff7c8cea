import { expect, test } from 'vitest';
import { keyOf, normalsFromWords, philox4x32, uniformFromWord, type Words } from './philox.ts';

const hex = (words: Words) => words.map((w) => w.toString(16).padStart(8, '0')).join(' ');

// The vectors of Random123's kat_vectors for philox4x32_10.
test.each<[string, Words, readonly [number, number], string]>([
  ['zeros', [0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [
    'ones',
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    '408f276d 41c83b0e a20bc7c6 6d5451fd',
  ],
  [
    'digits of π',
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    'd16cfe09 94fdcceb 5001e420 24126ea1',
  ],
])('the published answer for %s', (_, counter, key, answer) => {
  expect(hex(philox4x32(counter, key))).toBe(answer);
});

test('uniforms stay inside (0, 1) and are exact in float32', () => {
  for (const word of [0, 1, 511, 512, 0x80000000, 0xffffffff]) {
    const u = uniformFromWord(word);
    expect(u).toBeGreaterThan(0);
    expect(u).toBeLessThan(1);
    expect(Math.fround(u)).toBe(u);
  }
});

test('normals are finite for every word', () => {
  for (const a of [0, 1, 0x7fffffff, 0xffffffff]) {
    for (const b of [0, 0x40000000, 0xffffffff]) {
      for (const z of normalsFromWords(a, b)) expect(Math.abs(z)).toBeLessThan(6.8);
    }
  }
});

test('a seed beyond 32 bits reaches the second half of the key', () => {
  expect(keyOf(5)).toEqual([5, 0]);
  expect(keyOf(2 ** 32 + 7)).toEqual([7, 1]);
  expect(keyOf(Number.MAX_SAFE_INTEGER)).toEqual([0xffffffff, 2 ** 21 - 1]);
});
