import { expect, test } from 'vitest';
import { trained } from './run-summary.ts';

const network = { title: 'Expert 1', facts: ['energy'], steps: 7, terms: { denoising: 0.5 }, nonFinite: 0 };
const choice = {
  minutes: 1,
  sentence: 'Chosen: one energy.',
  rounds: [{ seconds: 60, ratio: 1.2, ratioError: 0.1 }],
  ending: 'Training ended after 60 s.',
};

test('what was chosen and how its training ended are two lines, and in the JSON; without a choice there is neither', () => {
  const { text, json } = trained('runs/a', 'wasm: CPU', [network], 60, choice);
  expect(text.split('\n').slice(1, 3)).toEqual([choice.sentence, choice.ending]);
  expect(json).toMatchObject({ choice });
  const { ending: _, ...begun } = choice;
  expect(trained('runs/a', 'wasm: CPU', [network], 60, begun).text.split('\n')).toHaveLength(3);
  const without = trained('runs/a', 'wasm: CPU', [network], 60);
  expect(without.text.split('\n')).toHaveLength(2);
  expect(without.json).not.toHaveProperty('choice');
});
