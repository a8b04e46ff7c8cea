import { expect, it } from 'vitest';
import { checkSpecification } from '../../core/specification/specification.ts';
import { onSameData, onSamples } from './next-model.ts';

const draft = { name: 'one', method: 'drifting', generator: { steps: 5 }, sample: { count: 50 } };
const system = {
  kind: 'molecule',
  sources: [{ structure: 'f1', trajectories: ['f2'], use: 'train' }],
  beads: 'heavy',
  temperature: 300,
  dataTemperature: 500,
  weights: 'regressed-energies',
  plane: { kind: 'tica', lag: 10 },
};
const source = { name: 'one', system };

it('the same data leave the choice of experts open, with their weights', () => {
  const next = onSameData(draft, source);
  expect(next).toEqual({ name: 'one-diffusion', method: 'auto', sample: { count: 50 }, system });
  expect(checkSpecification(next).faults).toEqual([]);
});

it('samples are beads at the temperature that is wanted, without weights and without an order in time', () => {
  const next = onSamples(draft, source, { structure: 'f3', trajectory: 'f4' });
  expect(next).toMatchObject({ method: 'auto', sample: { count: 50 } });
  expect(next.system).toEqual({
    kind: 'molecule',
    sources: [{ structure: 'f3', trajectories: ['f4'], use: 'train' }],
    beads: 'all',
    temperature: 300,
    plane: { kind: 'pca' },
  });
  expect(checkSpecification(next).faults).toEqual([]);
});
