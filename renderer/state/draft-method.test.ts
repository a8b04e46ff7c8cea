import { expect, it } from 'vitest';
import {
  automatic,
  isAutomatic,
  isGenerator,
  leavesOpen,
  withChosen,
  withExperts,
  withGenerator,
  withMinutes,
} from './draft-method.ts';

const own = { name: 'mine', method: 'diffusion', system: { kind: 'molecule', stride: 2 }, experts: [{ steps: 3 }] };

it('a draft names its experts or leaves them open, never both', () => {
  const open = automatic(own);
  expect(open).toEqual({ name: 'mine', method: 'auto', system: own.system });
  expect(isAutomatic(open)).toBe(true);
  const named = withExperts({ ...open, minutes: 10 }, own.experts);
  expect(named).toEqual({ name: 'mine', system: own.system, experts: own.experts });
  expect(isAutomatic(named)).toBe(false);
  expect(withExperts(own, [{ steps: 4 }])).toEqual({ ...own, experts: [{ steps: 4 }] });
});

it('what is empty leaves all open, and a time makes it automatic', () => {
  expect(leavesOpen({ name: 'mine' })).toBe(true);
  expect(leavesOpen({ system: { kind: 'molecule' } })).toBe(false);
  expect(leavesOpen(own)).toBe(false);
  expect(withMinutes({}, 3)).toEqual({ method: 'auto', minutes: 3 });
  expect(withMinutes({ method: 'auto', minutes: 3 }, undefined)).toEqual({ method: 'auto' });
});

it('chosen settings go over those of a person, which keep what was not chosen', () => {
  const chosen = { experts: [{ steps: 9 }], system: { validation: 0.1 }, simulate: { timeStep: 5e-4 } };
  expect(withChosen({ ...automatic(own), minutes: 1 }, chosen)).toEqual({
    name: 'mine',
    system: { kind: 'molecule', stride: 2, validation: 0.1 },
    simulate: { timeStep: 5e-4 },
    experts: [{ steps: 9 }],
  });
});

it('a generator takes the place of experts, and gives it back', () => {
  const generator = withGenerator({ ...own, sample: { count: 50, solver: 'em', steps: 9 } });
  expect(generator).toEqual({ name: 'mine', method: 'drifting', system: own.system, sample: { count: 50 } });
  expect(isGenerator(generator)).toBe(true);
  expect(leavesOpen(generator)).toBe(false);
  expect(withGenerator({ name: 'mine', sample: { steps: 9 }, minutes: 3 })).toEqual({
    name: 'mine',
    method: 'drifting',
  });
  const set = { ...generator, generator: { steps: 7 } };
  expect(automatic(set)).toEqual({ name: 'mine', method: 'auto', system: own.system, sample: { count: 50 } });
  expect(withExperts(set, own.experts)).toEqual({
    name: 'mine',
    system: own.system,
    sample: { count: 50 },
    experts: own.experts,
  });
  expect(withGenerator(set, { guidance: 'fk' })).toEqual({ ...set, generator: { guidance: 'fk' } });
  expect(withGenerator(set)).toEqual(set);
});
