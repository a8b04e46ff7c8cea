import { expect, test } from 'vitest';
import { uniformSource } from '../systems/toys/gaussian.ts';
import { decimal, decodeText, eachWord, integer, Names, quoted } from './byte-text.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const number = (text: string, shift?: number) => decimal(bytesOf(text), 0, bytesOf(text).length, shift);

test('numbers are those of JavaScript, to the last bit', () => {
  const random = uniformSource(1);
  for (let i = 0; i < 20_000; i++) {
    const digits = String(random()).slice(0, 1 + (random() % 9)) + String(random()).slice(0, random() % 10);
    const point = random() % (digits.length + 1);
    const text = `${['', '-', '+'][random() % 3]}${digits.slice(0, point)}.${digits.slice(point)}`;
    const exponent = random() % 4 === 0 ? `e${(random() % 60) - 30}` : '';
    expect(number(` ${text}${exponent}  `)).toBe(Number(text + exponent));
  }
});

test('a shift moves the decimal point, without a rounding of its own', () => {
  for (const text of ['1.234', '-0.007', '9999.999', '12.3456789', '0']) {
    expect(number(text, -1)).toBe(Number(`${text}e-1`));
  }
  expect(number('3', 2)).toBe(300);
});

test('Fortran exponents, and numbers beyond float64', () => {
  expect(number('1.5D+02')).toBe(150);
  expect(number('-0.301140E-02')).toBe(-0.0030114);
  expect(number('1e999999999')).toBe(Number.POSITIVE_INFINITY);
  expect(number('1e-999999999')).toBe(0);
  expect(number(`1${'0'.repeat(400)}`)).toBe(Number.POSITIVE_INFINITY);
});

test.each([
  '',
  '   ',
  '.',
  '-',
  '+',
  'nan',
  'inf',
  '********',
  '1.2.3',
  '1 2',
  '0x10',
  '1e',
  '1e+',
  '1,5',
  '--1',
  'e5',
])('"%s" is no number', (text) => {
  expect(number(text)).toBeNaN();
});

test('whole numbers, and what is none', () => {
  const whole = (text: string) => integer(bytesOf(text), 0, text.length);
  expect(['  12 ', '-3', '+7', '-0', '007'].map(whole)).toEqual([12, -3, 7, 0, 7]);
  for (const text of ['', ' ', '1.0', '1e3', '-', '9'.repeat(20), '1 2', 'A000']) expect(whole(text)).toBeNaN();
});

test('text is UTF-8 where it can be, Latin-1 otherwise, and never an error', () => {
  expect(decodeText(bytesOf('Å'), 0, 2)).toBe('Å');
  expect(decodeText(Uint8Array.of(0xc5, 0x20), 0, 2)).toBe('Å ');
  expect(quoted(Uint8Array.of(65, 0, 7, 66), 0, 4)).toBe('"A??B"');
});

test('names lose the spaces around them, and different ones stay different', () => {
  const names = new Names();
  const of = (text: string) => names.at(bytesOf(text), 0, bytesOf(text).length);
  const given = [' CA ', 'CA', '', '  ', 'C A', "HO5''1", 'ABCDEF', 'ABCDEFG', 'BA', 'Å', '\u0001A'];
  expect(given.map(of)).toEqual(['CA', 'CA', '', '', 'C A', "HO5''1", 'ABCDEF', 'ABCDEFG', 'BA', 'Å', 'A']);
  expect(given.map(of)).toEqual(given.map(of));
});

test('words are counted, until the visitor has enough', () => {
  const bytes = bytesOf('  a bb\tccc ');
  const words: [string, number][] = [];
  eachWord(bytes, 0, bytes.length, (from, to, index) => {
    words.push([decodeText(bytes, from, to), index]);
    return index < 1;
  });
  expect(words).toEqual([
    ['a', 0],
    ['bb', 1],
  ]);
});
