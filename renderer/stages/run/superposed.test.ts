import { expect, it } from 'vitest';
import { superposed } from './superposed.ts';

const chain = Float32Array.of(0, 0, 0, 0.15, 0, 0, 0.2, 0.14, 0, 0.35, 0.14, 0.02);

it('a conformation that was only turned and moved lies where it was', () => {
  const [c, s] = [Math.cos(1.1), Math.sin(1.1)];
  const turned = chain.map((_, i) => {
    const [x, y, z] = chain.slice(3 * Math.floor(i / 3), 3 * Math.floor(i / 3) + 3) as unknown as [
      number,
      number,
      number,
    ];
    return [c * x - s * y + 2, s * x + c * y - 1, z + 0.5][i % 3]!;
  });
  for (const [i, value] of superposed(turned, chain).entries()) expect(value).toBeCloseTo(chain[i]!, 5);
});

it('what does not fit stays as it is', () => {
  const other = new Float32Array(9);
  expect(superposed(other, chain)).toBe(other);
  const gap = chain.map((value, i) => (i === 4 ? Number.NaN : value));
  expect(superposed(gap, chain)).toBe(gap);
});
