import { expect, it } from 'vitest';
import { getAt, isSame, setAt } from './tree.ts';

const draft = { name: 'a', experts: [{ steps: 10 }, { steps: 20, alpha: 0.1 }], sample: { count: 5 } };

it('changes one place and shares all others', () => {
  const next = setAt(draft, ['experts', 1, 'alpha'], 0.5);
  expect(getAt(next, ['experts', 1, 'alpha'])).toBe(0.5);
  expect(getAt(draft, ['experts', 1, 'alpha'])).toBe(0.1);
  expect(getAt(next, ['experts', 0])).toBe(draft.experts[0]);
  expect(next.sample).toBe(draft.sample);
  expect(Object.keys(next)).toEqual(Object.keys(draft));
});

it('makes branches that are not there, and takes entries away', () => {
  expect(setAt({}, ['system', 'plane', 'kind'], 'pca')).toEqual({ system: { plane: { kind: 'pca' } } });
  expect(setAt(draft, ['experts', 0], undefined)).toMatchObject({ experts: [{ steps: 20 }] });
  expect(setAt(draft, ['sample', 'count'], undefined)).toMatchObject({ sample: {} });
});

it('finds nothing where there is nothing, and nothing that only a prototype has', () => {
  expect(getAt(draft, ['experts', 7, 'steps'])).toBeUndefined();
  expect(getAt(draft, ['name', 'length'])).toBeUndefined();
  expect(getAt(draft, ['constructor'])).toBeUndefined();
});

it('compares by value', () => {
  expect(isSame(draft, structuredClone(draft))).toBe(true);
  expect(isSame(draft, setAt(draft, ['experts', 1, 'alpha'], undefined))).toBe(false);
  expect(isSame([1, 2], [1, 2, 3])).toBe(false);
});
