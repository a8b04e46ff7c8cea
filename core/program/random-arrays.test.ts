import { expect, test } from 'vitest';
import { keyOf, normalsFromWords, philox4x32, uniformFromWord } from './philox.ts';
import { randomArray } from './random-arrays.ts';

const draw = { samples: 5, firstSample: 4_000_000_000, step: 123_456, stream: 7, seed: 2 ** 40 + 3_000_000_001 };

test.each([1, 2, 3, 4, 5, 15])('a batch of %i numbers per sample is what the counters say', (size) => {
  const uniforms = randomArray({ ...draw, kind: 'uniform', size });
  const normals = randomArray({ ...draw, kind: 'normal', size });
  for (let s = 0; s < draw.samples; s++) {
    for (let e = 0; e < size; e++) {
      const w = philox4x32([draw.firstSample + s, e >> 2, draw.step, draw.stream], keyOf(draw.seed));
      const pair = normalsFromWords(w[e & 2]!, w[(e & 2) + 1]!);
      expect(uniforms[s * size + e]).toBe(uniformFromWord(w[e & 3]!));
      expect(normals[s * size + e]).toBe(Math.fround(pair[e & 1]!));
    }
  }
});

test('a batch does not depend on where it is cut', () => {
  const whole = randomArray({ ...draw, kind: 'normal', size: 6 });
  const tail = randomArray({ ...draw, kind: 'normal', size: 6, samples: 2, firstSample: draw.firstSample + 3 });
  expect(whole.subarray(18)).toEqual(tail);
});

test('normals have the moments of a normal distribution', () => {
  const n = 200_000;
  const x = randomArray({ kind: 'normal', size: 8, samples: n / 8, firstSample: 0, step: 0, stream: 0, seed: 1 });
  const moment = (k: number) => x.reduce((total, v) => total + v ** k, 0) / n;
  // Five standard errors of each sample moment.
  expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
});
