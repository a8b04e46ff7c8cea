import { expect, test } from 'vitest';
import { NumberColumn, toHybrid36 } from './hybrid36.ts';

const reader = (width: number) => {
  const column = new NumberColumn(width);
  return (text: string) => column.read(new TextEncoder().encode(text), 0, text.length);
};

// From the definition of hybrid-36 by R. W. Grosse-Kunstleve, cctbx.
test.each([
  [5, 99_999, '99999'],
  [5, 100_000, 'A0000'],
  [5, 100_010, 'A000A'],
  [5, 43_770_015, 'ZZZZZ'],
  [5, 43_770_016, 'a0000'],
  [5, 87_440_031, 'zzzzz'],
  [4, 9999, '9999'],
  [4, 10_000, 'A000'],
  [4, 1_223_055, 'ZZZZ'],
  [4, 1_223_056, 'a000'],
  [4, 2_436_111, 'zzzz'],
  [4, -999, '-999'],
])('width %i: %i is %s', (width, value, text) => {
  expect(toHybrid36(value, width, 'atom number')).toBe(text);
  expect(reader(width)(text)).toBe(value);
});

test('what is beyond it is an error', () => {
  expect(() => toHybrid36(87_440_032, 5, 'atom number')).toThrow(/no room for atom number 87440032 in its 5 columns/);
  expect(() => toHybrid36(-1000, 4, 'residue number')).toThrow(/no room/);
});

test("VMD's hexadecimal goes on after the last decimal, and ends where the count begins again", () => {
  const serial = reader(5);
  expect(['99998', '99999', '186a0', '186a1', '18700', '    1', '   10'].map(serial)).toEqual([
    99_998, 99_999, 100_000, 100_001, 100_096, 1, 10,
  ]);
  const residue = reader(4);
  expect(['9999', '2710', '2711', '2712', ' 150', '2710'].map(residue)).toEqual([
    9999, 10_000, 10_001, 10_002, 150, 2710,
  ]);
});

test('a count that wraps around, and columns without a number', () => {
  const serial = reader(5);
  expect(['99999', '    0', '    1'].map(serial)).toEqual([99_999, 0, 1]);
  expect(['*****', '     ', 'A00', '1A000', 'Aa000'].map(serial)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
