import { expect, it } from 'vitest';
import { acrossGap, placeOf, placesOf, powerText, valueAt } from './logarithmic-slider.ts';

const alpha = { from: -5, to: -1 };

it('has 0 at its left end, then powers of ten at even distances', () => {
  expect(valueAt(0, alpha)).toBe(0);
  expect([12, 32, 52, 72, 92].map((place) => valueAt(place, alpha))).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
  expect(placesOf(alpha)).toBe(92);
});

it('finds the position of every value it can give, and of others the nearest', () => {
  for (let place = 12; place <= placesOf(alpha); place++) expect(placeOf(valueAt(place, alpha), alpha)).toBe(place);
  expect(placeOf(5e-4, alpha)).toBe(placeOf(5.0e-4, alpha));
  expect(placeOf(7, alpha)).toBe(92);
  expect(placeOf(1e-9, alpha)).toBe(12);
});

it('the gap beside 0 belongs to the nearer end, and arrow keys step over it', () => {
  expect([1, 5, 6, 11].map((place) => valueAt(place, alpha))).toEqual([0, 0, 1e-5, 1e-5]);
  expect(acrossGap(0, 1, alpha)).toBe(1e-5);
  expect(acrossGap(1e-5, -1, alpha)).toBe(0);
  expect(acrossGap(1e-5, 1, alpha)).toBeUndefined();
  expect(acrossGap(0, -1, alpha)).toBeUndefined();
});

it('writes powers of ten', () => expect(powerText(-5)).toBe('10⁻⁵'));
