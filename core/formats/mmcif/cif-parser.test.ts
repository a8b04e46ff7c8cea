import { expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { memorySource } from '../byte-source.ts';
import { decodeText } from '../byte-text.ts';
import { scanLines } from '../lines.ts';
import { type CifHandler, CifParser } from './cif-parser.ts';

/** What a handler is told, one word or value after the other; every tag is wanted, by its length. */
async function told(text: string, wanted: (tag: string) => number = (tag) => tag.length): Promise<string[]> {
  const seen: string[] = [];
  const handler: CifHandler = {
    block: (name) => seen.push(`block ${name}`),
    want: wanted,
    loop: (columns) => seen.push(`loop ${columns}`),
    row: (_, offset) => seen.push(`row at ${offset}`),
    value: (tag, bytes, from, to, kind) =>
      seen.push(`${tag}=${decodeText(bytes, from, to)}${['', ' (quoted)', ' (text)'][kind]}`),
    rowEnd: () => seen.push('end of row'),
    loopEnd: (_, offset, missing) => seen.push(`end of loop at ${offset}${missing ? `, ${missing} missing` : ''}`),
  };
  const bytes = new TextEncoder().encode(text);
  const parser = new CifParser('a.cif', handler);
  await scanLines(memorySource('a.cif', bytes), (line) => {
    parser.line(line);
    return true;
  });
  parser.end(bytes.length, 1);
  return seen;
}

test('blocks, tags, comments, and what quotes may hold', async () => {
  const text = `# comment with 'quotes
data_One _a 1 # comment
_AB 'it''s a dog's life' _abc "two ""words" DATA_two
_abcd
;first line
 ; second
;
_abcde #no value
_a _abcdef`;
  expect(await told(text)).toEqual([
    'block One',
    '2=1',
    "3=it''s a dog's life (quoted)",
    '4=two ""words (quoted)',
    'block two',
    '5=first line\n ; second (text)',
  ]);
});

test('tags of both dialects are the same', async () => {
  expect(await told("_Cell.Length_A 1 _cell_length_a '2'", (tag) => (tag === '_cell_length_a' ? 7 : 0))).toEqual([
    '7=1',
    '7=2 (quoted)',
  ]);
});

test('loops end with a keyword, a tag or the file; rows need no lines', async () => {
  const text = 'data_x\nloop_\n_a\n_ab\n1 2 3\n4\nloop_ _a\n5\n_abc 6\nloop_\n_a _ab\n7 8 9';
  const at = (piece: string) => text.indexOf(piece);
  expect(await told(text)).toEqual([
    'block x',
    'loop 2,3',
    ...[`row at ${at('1 2')}`, '2=1', '3=2', 'end of row'],
    ...[`row at ${at('3\n4')}`, '2=3', '3=4', 'end of row', `end of loop at ${at('loop_ _a')}`],
    'loop 2',
    ...[`row at ${at('5\n')}`, '2=5', 'end of row', `end of loop at ${at('_abc')}`],
    '4=6',
    'loop 2,3',
    ...[`row at ${at('7 8')}`, '2=7', '3=8', 'end of row'],
    ...[`row at ${at('9')}`, '2=9', `end of loop at ${text.length}, 1 missing`],
  ]);
});

test('a text field may be a value of a loop, and what looks like a tag within it is none', async () => {
  const text = 'loop_ _a _ab\n;_x\nloop_\n; 1\nb c';
  expect(await told(text)).toEqual([
    'loop 2,3',
    ...[`row at ${text.indexOf(';_x')}`, '2=_x\nloop_ (text)', '3=1', 'end of row'],
    ...[`row at ${text.indexOf('b c')}`, '2=b', '3=c', 'end of row', `end of loop at ${text.length}`],
  ]);
});

test('values of tags that nobody wants are passed over', async () => {
  expect(await told('data_x _a 1 loop_ _ab _abc 1 2 _abcd 5', () => 0)).toEqual(['block x']);
  expect(await told('loop_ _a _ab 1 2 3 4', (tag) => (tag === '_ab' ? 9 : 0))).toEqual([
    ...['loop 0,9', 'row at 13', '9=2', 'end of row', 'row at 17', '9=4', 'end of row', 'end of loop at 20'],
  ]);
});

test('words that only begin like keywords are values', async () => {
  expect(await told("_a loop_x _a 'data_y' _a stop _a global")).toEqual([
    '2=loop_x',
    '2=data_y (quoted)',
    '2=stop',
    '2=global',
  ]);
});

test('a long text field is kept as far as anybody could want it', async () => {
  const [value] = await told(`_a\n;${`${'x'.repeat(79)}\n`.repeat(10_000)};\n`);
  expect(value!.length).toBeLessThan(5000);
});

test.each([
  ['_a\n;never ends\n', /ends inside a text field between semicolons/],
  ['loop_\n1 2\n', /has a loop without tags \(line 2\)/],
  [`loop_ ${Array.from({ length: 10_001 }, (_, i) => `_${i}`).join(' ')}`, /more than 10000 columns/],
  [`_a ${'x'.repeat(2 << 20)}`, /a line that is longer than any CIF may have \(line 1\)/],
])('what cannot be read is an error: %#', async (text, message) => {
  await expect(told(text)).rejects.toThrow(ErgodicError);
  await expect(told(text)).rejects.toThrow(message);
});
