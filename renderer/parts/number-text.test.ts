import { describe, expect, it } from 'vitest';
import { arrowStep, boundsText, numberFault, numberText, parseNumber, stepped } from './number-text.ts';

describe('parseNumber', () => {
  it.each([
    ['1e-5', 1e-5],
    ['0,002', 0.002],
    ['10^-3', 1e-3],
    ['-10^2', -100],
    [' 140 580 ', 140_580],
    ['.5', 0.5],
    ['5.', 5],
    ['−3', -3],
  ])('reads %s', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', 'two', '1,2,3', '1e', '0x10', '1e999', '--1', '1 2'])('does not read "%s"', (text) =>
    expect(parseNumber(text)).toBeUndefined(),
  );
});

it('writes numbers so that they can be typed again', () => {
  for (const value of [0, 140_580, 0.002, 1e-5, 3e-4, -1.5, 1e12, 0.1 + 0.2]) {
    expect(parseNumber(numberText(value))).toBe(value);
  }
  expect(numberText(1e-5)).toBe('1e-5');
  expect(numberText(1e12)).toBe('1e12');
});

it('says what is allowed', () => {
  expect(boundsText({ min: 1, max: 4096 })).toBe('1 to 4096');
  expect(boundsText({ min: 0, max: 1, aboveMin: true, belowMax: true })).toBe('above 0, below 1');
  expect(numberFault('0', { min: 0, max: 1, aboveMin: true }, false)).toBe('Allowed: a number, above 0, at most 1.');
  expect(numberFault('1.5', { min: 1, max: 9 }, true)).toBe('Allowed: a whole number, 1 to 9.');
  expect(numberFault('abc', { min: 1, max: 9 }, true)).toMatch(/^Not a number/);
  expect(numberFault('9', { min: 1, max: 9 }, true)).toBeUndefined();
});

it('an arrow key changes a number by a tenth of its size, and stays inside the bounds', () => {
  expect(arrowStep(300, false)).toBe(10);
  expect(arrowStep(7, true)).toBe(1);
  const bounds = { min: 0, max: 1, aboveMin: true };
  expect(stepped(0.002, 1, bounds, false)).toBe(0.0021);
  expect(stepped(1e-5, -1, bounds, false)).toBe(9e-6);
  expect(stepped(1, 1, bounds, false)).toBe(1);
  expect(stepped(1, 1, { min: 1, max: 64 }, true)).toBe(2);
  expect(stepped(1, -1, { min: 1, max: 64 }, true)).toBe(1);
});
