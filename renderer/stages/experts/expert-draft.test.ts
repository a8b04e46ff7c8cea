import { expect, it } from 'vitest';
import { merged, moved, split } from '../../views/chart/expert-ranges.ts';
import { expertsIn, isPreset, rangeOf, withoutExpert, withParameter, withRanges, withSplit } from './expert-draft.ts';

const draft = {
  name: 'run',
  experts: [
    { range: [0, 0.1], alpha: 1e-3, weightMidpoint: 0.03 },
    { range: [0.1, 1], conservative: false, steps: 20 },
  ],
};
const ranges = (of: typeof draft | Record<string, never>) => expertsIn(of).map(rangeOf);

it('a draft without experts has one for all of time', () => {
  expect(ranges({})).toEqual([[0, 1]]);
  expect(withParameter({}, 0, ['steps'], 7)).toEqual({ experts: [{ steps: 7 }] });
});

it('a boundary takes midpoints with it', () => {
  const next = withRanges(draft, moved(ranges(draft), 1, 0.2, 0.01));
  expect(next.experts).toEqual([
    { range: [0, 0.2], alpha: 1e-3, weightMidpoint: 0.06 },
    { range: [0.2, 1], conservative: false, steps: 20 },
  ]);
  expect(next.name).toBe('run');
});

it('an expert is cut into two alike, and joined again', () => {
  const cut = split(ranges(draft), 1, 0.6, 0.01)!;
  const three = withSplit(draft, 1, cut);
  expect(expertsIn(three)).toMatchObject([{ range: [0, 0.1] }, { range: [0.1, 0.6] }, { range: [0.6, 1], steps: 20 }]);
  const two = withoutExpert(three, 2, merged(cut, 2));
  expect(expertsIn(two)).toEqual(draft.experts);
});

it('a midpoint that lies outside of its interval goes to the middle', () => {
  const odd = { experts: [{ range: [0, 1], weightMidpoint: 7 }] };
  expect(expertsIn(withRanges(odd, [[0, 0.5]]))).toEqual([{ range: [0, 0.5], weightMidpoint: 0.25 }]);
});

it('knows a preset by what it says, and no other', () => {
  const preset = [{ range: [0, 1], network: { kind: 'mlp', widths: [8] } }];
  expect(isPreset([{ range: [0, 1], network: { kind: 'mlp', widths: [8] }, steps: 9 }], preset)).toBe(true);
  expect(isPreset([{ range: [0, 1], network: { kind: 'mlp', widths: [9] } }], preset)).toBe(false);
  expect(isPreset([{ range: [0, 1] }], preset)).toBe(false);
  expect(isPreset([], preset)).toBe(false);
});
