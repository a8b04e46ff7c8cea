import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { conformations, sliceFrames } from './conformations.ts';
import { ContactCount, contactMap } from './contact-map.ts';

/** A straight chain of four beads 0.3 nm apart, then the same one folded into a square. */
const chain = conformations(
  Float64Array.of(...[0, 0, 0, 0.3, 0, 0, 0.6, 0, 0, 0.9, 0, 0], ...[0, 0, 0, 0.3, 0, 0, 0.3, 0.3, 0, 0, 0.3, 0]),
  4,
);

test('contacts and mean distances by hand; near neighbours along the chain are blank', () => {
  const { probability, distance, frames } = contactMap(chain, { cutoff: 0.5, separation: 2 });
  expect(frames).toBe(2);
  const at = (i: number, j: number) => 4 * i + j;
  expect(probability[at(0, 3)]).toBe(0.5);
  expect(probability[at(3, 0)]).toBe(0.5);
  expect(probability[at(0, 2)]).toBe(0.5);
  expect(distance[at(0, 3)]).toBeCloseTo(0.6, 14);
  expect(distance[at(1, 3)]).toBeCloseTo((0.6 + Math.SQRT2 * 0.3) / 2, 14);
  for (const [i, j] of [
    [0, 0],
    [1, 2],
    [3, 2],
  ] as const) {
    expect(probability[at(i, j)]).toBeNaN();
    expect(distance[at(i, j)]).toBeNaN();
  }
});

test('a pair exactly as far as the cut-off is no contact', () => {
  expect(contactMap(sliceFrames(chain, 0, 1), { cutoff: 0.9, separation: 3 }).probability[3]).toBe(0);
  expect(contactMap(sliceFrames(chain, 0, 1), { cutoff: 0.9000001, separation: 3 }).probability[3]).toBe(1);
});

test('pieces give the same as the whole; stopped replicas do not count', () => {
  const next = gaussianSource(1);
  const all = conformations(
    Float32Array.from({ length: 100 * 30 }, () => 0.5 * next()),
    10,
  );
  const count = new ContactCount(10);
  count.add(sliceFrames(all, 0, 33));
  count.add(conformations(new Float32Array(30).fill(Number.NaN), 10));
  count.add(sliceFrames(all, 33, 100));
  expect(count.result()).toEqual(contactMap(all));
  expect(() => new ContactCount(10).result()).toThrow(/no frames/);
  expect(() => count.add(chain)).toThrow(/4 atoms among frames of 10/);
  expect(() => contactMap(all, { cutoff: 0, separation: 3 })).toThrow(/above 0 nm/);
});
