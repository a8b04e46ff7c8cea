import { expect, test } from 'vitest';
import { emptyTally, linesEvery, tallied, trainingLines, validationLines } from './training-log.ts';

const steps = 23;
const accepted = Array.from({ length: steps }, (_, i) => (i % 7 === 3 || (i >= 10 && i < 15) ? 0 : 1));
const denoising = accepted.map((taken, i) => (taken ? 1 / (i + 3) : Number.NaN));
const fokkerPlanck = accepted.map((taken, i) => (taken ? 1e-3 * i : Number.POSITIVE_INFINITY));
const settings = { network: 1, every: 5, total: steps };

function linesWith(cuts: readonly number[]) {
  let [step, tally] = [0, emptyTally];
  return cuts.flatMap((count) => {
    const part = (values: number[]) => values.slice(step, step + count);
    const terms = { denoising: part(denoising), fokkerPlanck: part(fokkerPlanck) };
    const result = tallied({ step, tally }, [{ accepted: part(accepted), terms }], settings);
    step += count;
    tally = result.tally;
    return result.log;
  });
}

test('lines are means over fixed chunks, discarded steps are counted, and a chunk of them alone has no mean', () => {
  const lines = linesWith([steps]);
  expect(lines.map(({ step }) => step)).toEqual([5, 10, 15, 20, 23]);
  expect(lines.map(({ discarded }) => discarded)).toEqual([1, 0, 5, 1, 0]);
  expect(lines[0]!.terms.denoising).toBe((1 / 3 + 1 / 4 + 1 / 5 + 1 / 7) / 4);
  expect(lines[2]).toEqual({
    kind: 'training',
    network: 1,
    step: 15,
    terms: {},
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
    { kind: 'training', network: 'one', step: 1 },
  ];
  const first = { ...lines[0]!, network: 0, step: 40 };
  expect(trainingLines([...lines.slice(0, 4), ...other, ...lines.slice(2), first])).toEqual([first, ...lines]);
});

test('a term that only some steps have is a mean over all of them, and absent from lines without it', () => {
  const plain = { accepted: [1, 1, 1, 0], terms: { denoising: [1, 2, 3, Number.NaN] } };
  const both = { accepted: [1, 1], terms: { denoising: [4, 5], fokkerPlanck: [10, 20] } };
  const { log } = tallied({ step: 0, tally: emptyTally }, [plain, both], { network: 0, every: 3, total: 6 });
  expect(log.map(({ terms, discarded }) => ({ terms, discarded }))).toEqual([
    { terms: { denoising: 2 }, discarded: 0 },
    { terms: { denoising: 4.5, fokkerPlanck: 15 }, discarded: 1 },
  ]);
});

test('lines of version 1 are read', () => {
  const old = { kind: 'training', expert: 2, step: 20, denoising: 0.6, fokkerPlanck: 0, discarded: 1 };
  expect(trainingLines([old, { ...old, step: 40, fokkerPlanck: 3 }, { ...old, step: 60, denoising: null }])).toEqual([
    { kind: 'training', network: 2, step: 20, terms: { denoising: 0.6 }, discarded: 1 },
    { kind: 'training', network: 2, step: 40, terms: { denoising: 0.6, fokkerPlanck: 3 }, discarded: 1 },
    { kind: 'training', network: 2, step: 60, terms: {}, discarded: 1 },
  ]);
  const validation = { kind: 'validation', expert: 0, step: 20, denoising: 0.5 };
  expect(validationLines([validation])).toEqual([
    { kind: 'validation', network: 0, step: 20, terms: { denoising: 0.5 } },
  ]);
});

test('a short training has a line for every step and a long one a few hundred', () => {
  expect([1, 400, 401, 8000, 140_580, 1e9].map(linesEvery)).toEqual([1, 1, 2, 20, 352, 500]);
});
