import { expect, it } from 'vitest';
import { residualCurves } from './residual-curves.ts';

const t = [0.1, 0.5];
const old = { name: 'old', residual: { t, meanAbsR: [1, 2] } };
const fresh = { name: 'new', residual: { t, meanAbsR: [3, 4], spread: [0.3, 0.4] } };

it('the spread is drawn where it was measured, the mean where it was not, and the axis says which', () => {
  expect(residualCurves([old])).toMatchObject({ curves: [{ name: 'old', y: [1, 2] }], axis: 'mean |R| / D' });
  expect(residualCurves([fresh])).toMatchObject({
    curves: [{ name: 'new', y: [0.3, 0.4] }],
    axis: 'spread of R / D',
  });
});

it('side by side each says what it is', () => {
  const { curves, axis } = residualCurves([old, fresh]);
  expect(curves.map(({ name }) => name)).toEqual(['old, mean |R|', 'new, spread of R']);
  expect(curves.map(({ y }) => y)).toEqual([
    [1, 2],
    [0.3, 0.4],
  ]);
  expect(curves.map(({ colour }) => colour)).toEqual([0, 1]);
  expect(axis).toBe('R / D');
});
