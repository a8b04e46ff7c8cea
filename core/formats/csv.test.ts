import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { decodeCsv, encodeCsv } from './csv.ts';

test('float32 numbers survive, in few digits', () => {
  const values = Float32Array.of(0.1, -1e-30, 1 / 3, 123456789, 16777217, 0, 3.4028234663852886e38, 1.17549435e-38);
  const text = encodeCsv({ columns: ['x', 'y'], values });
  expect(text.split('\n').slice(0, 2)).toEqual(['x,y', '0.1,-1e-30']);
  expect(decodeCsv(text, 'a.csv')).toEqual({ columns: ['x', 'y'], values });
});

test('a missing number is an empty field', () => {
  const text = encodeCsv({ columns: ['x', 'y'], values: [Number.NaN, 1] });
  expect(text).toBe('x,y\n,1\n');
  expect(decodeCsv(text, 'a.csv').values).toEqual(Float32Array.of(Number.NaN, 1));
});

test('Windows line ends, spaces and a table without names are read', () => {
  expect(decodeCsv('1, 2\r\n3, 4e-1\r\n\r\n', 'a.csv')).toEqual({
    columns: ['x1', 'x2'],
    values: Float32Array.of(1, 2, 3, 0.4),
  });
});

test.each([
  ['', '`a.csv` is empty: a table of numbers was expected.'],
  ['x,y\n1,2\n3\n', '`a.csv` has 1 fields in line 3 where its first line has 2.'],
  ['x,y\n1,2\n3,0x10\n', '`a.csv` has "0x10" in line 3, column 2, where a number was expected.'],
  ['1,2\n3,four\n', '`a.csv` has "four" in line 2, column 2, where a number was expected.'],
])('%j is refused', (text, sentence) => {
  expect(() => decodeCsv(text, 'a.csv')).toThrow(new ErgodicError(sentence));
});
