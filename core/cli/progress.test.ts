import { expect, test } from 'vitest';
import { formatCount, formatDuration, ProgressDisplay } from './progress.ts';

function displayOn(isTTY: boolean) {
  const written: string[] = [];
  const clock = { now: 0 };
  const terminal = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { written, clock, display: new ProgressDisplay(terminal, () => clock.now) };
}
const { signal } = new AbortController();
const at = (done: number, note?: string) => ({ done, total: 1000, unit: 'steps', ...(note ? { note } : {}) });

test('on a terminal one line is written over, no longer than the window, and the last one stays', () => {
  const { written, clock, display } = displayOn(true);
  const task = display.task('training', signal);
  for (let done = 0; done <= 1000; done += 10) {
    clock.now = done / 100;
    task.report(at(done, 'loss 0.123456789 and many more words that do not fit into the window'));
  }
  const lines = written.join('').split('\r\u001b[2K');
  expect(lines[0]).toMatch(/^training: /);
  expect(lines.length).toBeGreaterThan(20);
  expect(lines[10]).toMatch(/^training: \d+ of 1,000 steps \(\d+ %\), 100 steps\/s, \d/);
  for (const line of lines.slice(0, -1)) expect(line.length).toBeLessThan(60);
  expect(lines.at(-1)).toMatch(/^training: 1,000 steps in 10 s, 100 steps\/s, loss .*\n$/);
  expect(written.filter((text) => text.includes('\n'))).toHaveLength(1);
});

test('tasks side by side have a line each, and one that ends leaves the others alone', () => {
  const { written, clock, display } = displayOn(true);
  const [first, second] = [display.task('first', signal), display.task('second', signal)];
  for (const done of [0, 100, 200]) {
    clock.now = 1 + done / 100;
    first.report(at(done));
    second.report(at(done));
  }
  expect(written.at(-1)).toMatch(/^first: 200 of [^\n]*\nsecond: 200 of [^\n]*$/);
  clock.now = 9;
  written.length = 0;
  first.report(at(1000));
  expect(written.join('')).toBe('\r\u001b[2K\u001b[1A\r\u001b[2Kfirst: 1,000 steps in 9.0 s, 125 steps/s\n');
  clock.now = 10;
  second.report(at(300));
  expect(written.at(-1)).toMatch(/^second: 300 of [^\n]*$/);
});

test('elsewhere there are few plain lines, and no control characters', () => {
  const { written, clock, display } = displayOn(false);
  const task = display.task('training', signal);
  for (let done = 0; done <= 1000; done += 1) {
    clock.now = done / 20;
    task.report(at(done));
  }
  expect(written).toEqual([
    'training: 300 of 1,000 steps (30 %), 20 steps/s, 35 s left\n',
    'training: 600 of 1,000 steps (60 %), 20 steps/s, 20 s left\n',
    'training: 900 of 1,000 steps (90 %), 20 steps/s, 5.0 s left\n',
    'training: 1,000 steps in 50 s, 20 steps/s\n',
  ]);
});

test('a line that stays first takes the unfinished one away', () => {
  const { written, clock, display } = displayOn(true);
  const task = display.task('training', signal);
  task.report(at(0));
  clock.now = 1;
  task.report(at(10));
  display.say('a word');
  expect(written.join('').endsWith('\r\u001b[2Ka word\n')).toBe(true);
});

test('numbers and durations as a person reads them', () => {
  expect([0.0123456, 3.456, 12.6, 140580].map(formatCount)).toEqual(['0.012', '3.5', '13', '140,580']);
  expect([0.04, 9.96, 59.4, 61, 3599, 7260].map(formatDuration)).toEqual([
    '0.0 s',
    '10 s',
    '59 s',
    '1 min 1 s',
    '59 min 59 s',
    '2 h 1 min',
  ]);
});
