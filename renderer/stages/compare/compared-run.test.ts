import { expect, it } from 'vitest';
import type { Results, SetName } from '../../../core/host/contract.ts';
import { type ComparedRun, tilesOf } from './compared-run.ts';

function run(name: string, simulate: boolean, ...sets: SetName[]): ComparedRun {
  const summary = {
    id: name,
    name,
    created: '',
    finished: true,
    can: { simulate, residual: simulate },
    has: { model: true, samples: true, simulation: false, metrics: false },
  };
  const distributions = sets.map((set) => ({ set, count: 1, profiles: [], bonds: [] }));
  const results: Results = { run: name, axes: [], beads: 0, distributions, problems: [] };
  return { summary, results, detail: undefined };
}
const titles = (...runs: ComparedRun[]) => tilesOf(runs).map(({ title }) => title);

it('one run shows what it lacks, but a model without a force lacks no simulation', () => {
  expect(titles(run('d', true, 'reference', 'samples'))).toEqual(['Reference', 'Samples', 'Simulation']);
  expect(titles(run('g', false, 'reference', 'samples'))).toEqual(['Reference', 'Samples']);
});

it('of further runs what they have stands beside it, each with its name and a file of its own', () => {
  const tiles = tilesOf([
    run('g', false, 'reference', 'samples'),
    run('d', true, 'reference', 'samples', 'simulation'),
    run('e', true, 'reference'),
  ]);
  expect(tiles.map(({ title }) => title)).toEqual(['Reference', 'Samples, g', 'Samples, d', 'Simulation, d']);
  expect(tiles.map(({ file }) => file)).toEqual(['reference', 'samples', 'samples-2', 'simulation-2']);
});
