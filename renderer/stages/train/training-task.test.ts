import { expect, it } from 'vitest';
import { networkOfTask } from './training-task.ts';

const experts = (count: number) => Array.from({ length: count }, (_, index) => `Expert ${index + 1}`);

it('a single network is trained by the task of that name', () => {
  expect(networkOfTask('training', ['Expert 1'])).toBe(0);
  expect(networkOfTask('training data', ['Expert 1'])).toBeUndefined();
});

it('several networks are told apart by their titles, whatever a method calls them', () => {
  expect(networkOfTask('training expert 2 of 3 (t 0.1 to 0.6)', experts(3))).toBe(1);
  expect(networkOfTask('training teacher of 2 (energy)', ['Generator', 'Teacher'])).toBe(1);
});

it('a title that begins like another is not taken for it', () => {
  expect(networkOfTask('training expert 12 of 12 (t 0.9 to 1)', experts(12))).toBe(11);
  expect(networkOfTask('training expert 1 of 12 (t 0 to 0.1)', experts(12))).toBe(0);
});

it('a task that trains nothing belongs to no network', () => {
  for (const name of ['simulating', 'drawing samples', 'training data', 'reading aldp.xtc']) {
    expect(networkOfTask(name, experts(3))).toBeUndefined();
  }
  expect(networkOfTask('training', [])).toBeUndefined();
});
