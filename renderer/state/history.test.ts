import { expect, it } from 'vitest';
import { History } from './history.ts';

it('goes back and forth', () => {
  const first = History.of('a').to('b', 'one', 0).to('c', 'two', 0);
  expect([first.undoes, first.redoes]).toEqual(['two', undefined]);
  const back = first.undone().undone();
  expect([back.present, back.undoes, back.redoes]).toEqual(['a', undefined, 'one']);
  expect(back.undone()).toBe(back);
  const forth = back.redone().redone();
  expect([forth.present, forth.redone()]).toEqual(['c', forth]);
});

it('a new change forgets what was undone', () => {
  const history = History.of(1).to(2, 'x', 0).undone().to(3, 'y', 0);
  expect([history.present, history.redoes, history.undone().present]).toEqual([3, undefined, 1]);
});

it('typing is one step, a pause or another field begins the next', () => {
  const typed = History.of(0).to(1, 'steps', 0, 'steps').to(12, 'steps', 500, 'steps').to(120, 'steps', 1500, 'steps');
  expect(typed.undone().present).toBe(0);
  const paused = typed.to(1200, 'steps', 9000, 'steps');
  expect(paused.undone().present).toBe(120);
  const other = typed.to(7, 'batch', 1600, 'batch');
  expect(other.undone().present).toBe(120);
});

it('what was undone and is typed again is a step of its own', () => {
  const history = History.of(0).to(1, 'steps', 0, 'steps').undone().to(2, 'steps', 10, 'steps');
  expect(history.undone().present).toBe(0);
});

it('an unchanged value is no step', () => {
  const history = History.of('a');
  expect(history.to('a', 'nothing', 0)).toBe(history);
});

it('forgets the oldest of very many steps', () => {
  let history = History.of(0);
  for (let value = 1; value <= 500; value++) history = history.to(value, 'x', value * 10_000);
  while (history.undoes) history = history.undone();
  expect(history.present).toBe(300);
});
