import { expect, it } from 'vitest';
import { match, ranked } from './matching.ts';

const titles = ['Go to Train', 'Start training', 'Undo', 'Open project…', 'New project…'];
const found = (query: string) => ranked(query, titles, (title) => title);

it('beginnings come before words, words before letters inside', () => {
  expect(found('train')).toEqual(['Go to Train', 'Start training']);
  expect(found('start')).toEqual(['Start training']);
  expect(match('new', 'New project…')).toBeGreaterThan(match('project', 'New project…'));
  expect(match('pro', 'Open project…')).toBeGreaterThan(match('ject', 'Open project…'));
});

it('words may come in any order, letters only in theirs', () => {
  expect(found('project open')).toEqual(['Open project…']);
  expect(found('nwp')).toEqual(['New project…']);
  expect(found('xyz')).toEqual([]);
});

it('nothing typed is everything, in its order', () => expect(found('  ')).toEqual(titles));
