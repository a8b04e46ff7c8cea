import { expect, it } from 'vitest';
import type { RunSummary } from '../../core/host/contract.ts';
import type { Workspace } from '../state/workspace.svelte.ts';
import { markOf } from './marks.ts';

const run: RunSummary = {
  id: 'r',
  name: 'r',
  created: '',
  finished: true,
  can: { simulate: true, residual: true },
  has: { model: true, samples: true, simulation: false, metrics: false },
};
const beside = (current: RunSummary | undefined) =>
  ({ project: {}, jobs: { open: [], all: [] }, runs: { current } }) as unknown as Workspace;

it('a stage is as far as the run that is shown', () => {
  expect(markOf('sample', beside(run))).toBe('ready');
  expect(markOf('simulate', beside(run))).toBe('empty');
  expect(markOf('simulate', beside({ ...run, has: { ...run.has, simulation: true } }))).toBe('ready');
  expect(markOf('simulate', beside(undefined))).toBe('empty');
});

it('a run whose method gives no force cannot be simulated, and says so; one that cannot be read says nothing', () => {
  const without = { ...run, can: { simulate: false, residual: false } };
  expect(markOf('simulate', beside(without))).toBe('impossible');
  expect(markOf('sample', beside(without))).toBe('ready');
  expect(markOf('simulate', beside({ ...without, problem: 'It is damaged.' }))).toBe('empty');
});
