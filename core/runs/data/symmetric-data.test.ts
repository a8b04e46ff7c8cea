import { expect, test } from 'vitest';
import type { Symmetry } from '../../systems/symmetry.ts';
import { inAllForms, inOneForm } from './symmetric-data.ts';

const symmetries: Symmetry[] = [
  { from: [0, 1, 2], isMirrored: false },
  { from: [0, 2, 1], isMirrored: true },
];
const frames = 500;
const values = Float32Array.from({ length: 9 * frames }, (_, i) => i + 1);
const set = {
  name: 'three',
  shape: [3, 3],
  count: frames,
  columns: {
    positions: { shape: [3, 3], values },
    forces: { shape: [3, 3], values: values.map((value) => 10 * value) },
    energies: { shape: [], values: Float32Array.from({ length: frames }, (_, i) => i) },
  },
};

test('frames are trained on in all forms, with their forces turned along and the same energies', () => {
  const all = inAllForms(set, symmetries);
  expect(all.count).toBe(2 * frames);
  const { positions, forces, energies } = all.columns;
  expect(positions.values.subarray(0, values.length)).toEqual(values);
  const other = positions.values.subarray(values.length, values.length + 9);
  expect([...other]).toEqual([-1, -2, -3, -7, -8, -9, -4, -5, -6]);
  expect(forces!.values).toEqual(positions.values.map((value) => 10 * value));
  expect([...energies!.values.subarray(frames, frames + 3)]).toEqual([0, 1, 2]);
});

test('frames are compared in one form each, about half in either, and the same ones every time', () => {
  const data = { dimension: 9, count: frames, values };
  const one = inOneForm(data, symmetries);
  expect(one.count).toBe(frames);
  const mirrored = Array.from({ length: frames }, (_, i) => one.values[9 * i]! < 0).filter(Boolean).length;
  expect(Math.abs(mirrored - frames / 2)).toBeLessThan(4 * Math.sqrt(frames / 4));
  expect(inOneForm(data, symmetries)).toEqual(one);
});
