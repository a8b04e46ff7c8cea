import { expect, it } from 'vitest';
import {
  bytesText,
  counted,
  countText,
  durationText,
  lengthText,
  numeral,
  progressText,
  rateText,
  timeText,
} from './format.ts';

/** Spaces of other kinds are hard to see in a table. */
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ');

it.each([
  [0, '0'],
  [9999, '9999'],
  [140_580, '140 580'],
  [1_234_567, '1 234 567'],
])('counts %d', (value, text) => expect(plain(countText(value))).toBe(text));

it.each([
  [0.05, '0.1 s'],
  [0, '0 s'],
  [9.96, '10 s'],
  [59.6, '1 min'],
  [125, '2 min 5 s'],
  [1014, '17 min'],
  [3599, '1 h'],
  [7500, '2 h 5 min'],
  [86_400 * 3 + 3600, '3 d 1 h'],
  [3600 * 24, '1 d'],
  [Number.NaN, '–'],
])('a duration of %d s', (seconds, text) => expect(plain(durationText(seconds))).toBe(text));

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [1_540_000, '1.54 MB'],
  [10e9, '10 GB'],
])('%d bytes', (bytes, text) => expect(plain(bytesText(bytes))).toBe(text));

it.each([
  [0.002, '2 fs'],
  [0.2, '0.2 ps'],
  [1, '1 ps'],
  [40_000, '40 ns'],
  [2.5e6, '2.5 µs'],
  [0, '0 ps'],
])('%d ps of simulation', (ps, text) => expect(plain(timeText(ps))).toBe(text));

it('numbers keep their significant digits', () => {
  expect(plain(numeral(0.09407891611))).toBe('0.0941');
  expect(plain(numeral(12_345.6))).toBe('12 346');
  expect(numeral(3e-5)).toBe('3e−5');
  expect(numeral(-1.5)).toBe('−1.5');
  expect(numeral(2)).toBe('2');
  expect(numeral(100)).toBe('100');
});

it('lengths, rates, counts', () => {
  expect(plain(lengthText(0.1529, 'nm'))).toBe('0.153 nm');
  expect(plain(lengthText(0.1529, 'Å'))).toBe('1.53 Å');
  expect(plain(rateText(51.23, 'steps'))).toBe('51.2 steps/s');
  expect(plain(rateText(0.25, 'steps'))).toBe('15 steps/min');
  expect(plain(progressText({ done: 500, total: 20_000, unit: 'steps', rate: 40 }))).toBe(
    '500 of 20 000 steps · 40 steps/s',
  );
  expect(plain(counted(1, 'frame'))).toBe('1 frame');
  expect(plain(counted(2, 'frame'))).toBe('2 frames');
});
