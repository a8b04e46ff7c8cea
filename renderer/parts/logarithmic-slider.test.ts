import { expect, it } from 'vitest';
import { placeOf, placesOf, powerText, valueAt } from './logarithmic-slider.ts';

const alpha = { from: -5, to: -1 };

it('has 0 at its left end, then powers of ten at even distances', () => {
  expect(valueAt(0, alpha)).toBe(0);
  expect([1, 21, 41, 61, 81].map((place) => valueAt(place, alpha))).toEqual([1e-5, 1e-4, 1e-3, 1e-2, 1e-1]);
  expect(placesOf(alpha)).toBe(81);
});

it('finds the place of every value it can give, and of others the nearest', () => {
  for (let place = 0; place <= placesOf(alpha); place++) expect(placeOf(valueAt(place, alpha), alpha)).toBe(place);
  expect(placeOf(5e-4, alpha)).toBe(placeOf(5.0e-4, alpha));
  expect(placeOf(7, alpha)).toBe(81);
  expect(placeOf(1e-9, alpha)).toBe(1);
});

it('writes powers of ten', () => expect(powerText(-5)).toBe('10⁻⁵'));
