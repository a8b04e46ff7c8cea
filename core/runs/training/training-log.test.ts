import { expect, test } from 'vitest';
import { emptyTally, linesEvery, tallied, trainingLines } from './training-log.ts';

const steps = 23;
const accepted = Array.from({ length: steps }, (_, i) => (i % 7 === 3 || (i >= 10 && i < 15) ? 0 : 1));
const denoising = accepted.map((taken, i) => (taken ? 1 / (i + 3) : Number.NaN));
const fokkerPlanck = accepted.map((taken, i) => (taken ? 1e-3 * i : Number.POSITIVE_INFINITY));
const settings = { expert: 1, every: 5, total: steps };

function linesWith(cuts: readonly number[]) {
  let [step, tally] = [0, emptyTally];
  return cuts.flatMap((count) => {
    const part = (values: number[]) => values.slice(step, step + count);
    const outputs = { accepted: part(accepted), denoising: part(denoising), fokkerPlanck: part(fokkerPlanck) };
    const result = tallied({ step, tally }, outputs, settings);
    step += count;
    tally = result.tally;
    return result.log;
  });
}

test('lines are means over fixed stretches, discarded steps are counted, and a stretch of them alone has no mean', () => {
  const lines = linesWith([steps]);
  expect(lines.map(({ step }) => step)).toEqual([5, 10, 15, 20, 23]);
  expect(lines.map(({ discarded }) => discarded)).toEqual([1, 0, 5, 1, 0]);
  expect(lines[0]!.denoising).toBe((1 / 3 + 1 / 4 + 1 / 5 + 1 / 7) / 4);
  expect(lines[2]).toEqual({
    kind: 'training',
    expert: 1,
    step: 15,
    denoising: null,
    fokkerPlanck: null,
    discarded: 5,
  });
});

test('how the steps are cut into calls changes no digit', () => {
  const whole = linesWith([steps]);
  expect(linesWith(Array(steps).fill(1))).toEqual(whole);
  expect(linesWith([4, 1, 9, 9])).toEqual(whole);
});

test('lines that come twice, and lines of something else, are read as what they are', () => {
  const lines = linesWith([steps]);
  const other = [
    { kind: 'note', text: 'x' },
    { kind: 'training', expert: 'one', step: 1 },
  ];
  const first = { ...lines[0]!, expert: 0, step: 40 };
  expect(trainingLines([...lines.slice(0, 4), ...other, ...lines.slice(2), first])).toEqual([first, ...lines]);
});

test('a short training has a line for every step and a long one a few hundred', () => {
  expect([1, 400, 401, 8000, 140_580, 1e9].map(linesEvery)).toEqual([1, 1, 2, 20, 352, 500]);
});
