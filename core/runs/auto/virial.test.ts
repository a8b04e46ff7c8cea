import { expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import type { TrainingSet } from '../data/data-set.ts';
import { doubtOf, virialOf } from './virial.ts';

/** Harmonic beads about their common centre: x of variance v, F = −x/v, times `factor`. */
function harmonic(factor: number, count = 4000): TrainingSet {
  const next = gaussianSource(1);
  const v = 0.3;
  const positions = new Float32Array(12 * count);
  for (let frame = 0; frame < count; frame++) {
    const raw = Array.from({ length: 12 }, () => Math.sqrt(v) * next());
    for (let i = 0; i < 12; i++) {
      const mean = (raw[i % 3]! + raw[(i % 3) + 3]! + raw[(i % 3) + 6]! + raw[(i % 3) + 9]!) / 4;
      positions[12 * frame + i] = raw[i]! - mean;
    }
  }
  const forces = positions.map((x) => (-factor * x) / v);
  const shape = [4, 3];
  return {
    name: 'a',
    shape,
    count,
    columns: { positions: { shape, values: positions }, forces: { shape, values: forces } },
  };
}

test('the virial of harmonic forces is that of their temperature', () => {
  const { ratio, error } = virialOf(harmonic(1))!;
  expect(Math.abs(ratio - 1)).toBeLessThan(3 * error);
  expect(error).toBeLessThan(0.02);
  expect(doubtOf([harmonic(1)])).toBeUndefined();
});

test('forces of another temperature are refused, with what is wrong', () => {
  expect(doubtOf([harmonic(500 / 300)])).toMatch(/do not belong to its conformations .* 1\.6\d ± 0\.0\d times/);
});

test('without forces, or with few frames, there is nothing to doubt', () => {
  const { columns, ...rest } = harmonic(1, 30);
  expect(doubtOf([{ ...rest, columns: { positions: columns.positions } }])).toBeUndefined();
  expect(virialOf(harmonic(1, 10))).toBeUndefined();
});
