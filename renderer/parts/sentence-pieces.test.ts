import { expect, it } from 'vitest';
import { sentencePieces } from './sentence-pieces.ts';

const named = (text: string) => sentencePieces(text).map(({ text, isName }) => (isName ? `<${text}>` : text));

it('what stands between backticks is a name', () => {
  expect(named('`auto`: the CPU, or what `engine` says.')).toEqual([
    '<auto>',
    ': the CPU, or what ',
    '<engine>',
    ' says.',
  ]);
  expect(named('No name here.')).toEqual(['No name here.']);
});

it('a backtick without a partner stays as it is', () => {
  expect(named('a ` alone')).toEqual(['a ` alone']);
  expect(named('`a` and ` alone')).toEqual(['`a` and ` alone']);
});
