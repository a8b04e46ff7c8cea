import { expect, test } from 'vitest';
import { distancePairs } from './distance-pairs.ts';

const atoms = (...elements: string[]) => ({
  atoms: elements.map((element, serial) => ({ name: element, element, serial, residue: 0 })),
});

test('every pair has its elements, carbon first and hydrogen last', () => {
  const { pairs, kinds, kindOf } = distancePairs(atoms('H', 'O', 'C', 'H'));
  expect(pairs).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  expect(kinds).toEqual(['C–O', 'C–H', 'O–H', 'H–H']);
  expect(kindOf.map((kind) => kinds[kind])).toEqual(['O–H', 'C–H', 'H–H', 'C–O', 'O–H', 'C–H']);
});

test('beads that are no atoms, or all the same, have no kinds of pairs', () => {
  expect(distancePairs(atoms('C', '', 'O')).kinds).toEqual([]);
  expect(distancePairs(atoms('C', 'C', 'C')).kinds).toEqual([]);
});

test('of very many pairs a thousand are taken, from all over the molecule and none twice', () => {
  const { pairs } = distancePairs(atoms(...Array.from({ length: 100 }, () => 'C')));
  expect(pairs).toHaveLength(1000);
  expect(new Set(pairs.map(String)).size).toBe(1000);
  expect(new Set(pairs.flat()).size).toBe(100);
});
