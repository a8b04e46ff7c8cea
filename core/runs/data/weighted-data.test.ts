/** Biased data and their weights: found, drawn by, recorded, and found again. */
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeNpy } from '../../formats/npy.ts';
import { validateSpecification } from '../../specification/specification.ts';
import { chainFrames, chainTopology, writeMolecule } from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import type { DataSet } from './data-set.ts';
import { loadData, reloadData } from './load-data.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const toy = (system: object) =>
  validateSpecification(
    { method: 'drifting', system: { kind: 'mueller-brown', samples: 20_000, ...system } },
    'test.yaml',
  );

/** Of the lower basin. */
const lower = ({ values, count }: Pick<DataSet, 'values' | 'count'>): number => {
  let found = 0;
  for (let i = 0; i < count; i++) if (values[2 * i + 1]! < 0.75) found++;
  return found / count;
};
const trained = ({ training: [set] }: Awaited<ReturnType<typeof loadData>>['data']) =>
  lower({ values: set!.columns.positions.values, count: set!.count });

/** By quadrature. */
const TRUE_LOWER = 0.2535;

describe('of a toy', () => {
  test('a basin that is thinned has fewer data, and what they are compared with is not thinned', async () => {
    const { data } = await loadData(toy({ kept: [1, 0.2] }), new Listener());
    expect(trained(data)).toBeLessThan(0.09);
    expect(trained(data)).toBeGreaterThan(0.04);
    expect(Math.abs(lower(data.reference) - TRUE_LOWER)).toBeLessThan(0.05);
    expect(data.training[0]!.count).toBe(20_000);
  });

  test.each([
    [{ samples: 100_000, kept: [1, 0.2], weights: 'forces' }, 0.06],
    [{ dataTemperature: 1.5, weights: 'forces' }, 0.03],
    [{ dataTemperature: 1.5, weights: 'energies' }, 0.02],
  ])('weights of %o give the basins their populations', async (system, tolerance) => {
    const listener = new Listener();
    const { data } = await loadData(toy(system), listener);
    expect(Math.abs(trained(data) - TRUE_LOWER)).toBeLessThan(tolerance);
    expect(lower(data.known)).toBeCloseTo(trained(data), 10);
    expect(listener.said.some((line) => line.includes('count as much as'))).toBe(true);
  });

  test('weights that were fitted once are found again to the same bits', async () => {
    const specification = toy({ kept: [1, 0.2], weights: 'forces' });
    const { data, facts } = await loadData(specification, new Listener());
    expect(facts.fittedWeights?.[0]?.factors.length).toBeGreaterThan(20);
    const stored = JSON.parse(JSON.stringify(facts));
    const again = await reloadData({ specification, ...stored }, new Listener());
    expect(again.training[0]!.columns.positions.values).toEqual(data.training[0]!.columns.positions.values);
  });

  test('without a bias nothing is weighed', async () => {
    const { data, facts } = await loadData(toy({}), new Listener());
    expect(data.reference).toBe(data.known);
    expect(facts).toEqual({});
  });
});

describe('of a molecule', () => {
  const FRAMES = 400;
  const source = writeMolecule(
    parent.in('chain'),
    chainTopology(['ALA', 'GLY', 'SER', 'ALA']),
    chainFrames(4, FRAMES, 1),
  );
  const weightsFile = parent.in('weights.npy');
  const molecule = (system: object, own: object = {}) =>
    validateSpecification(
      {
        method: 'drifting',
        system: { kind: 'molecule', sources: [{ ...source, ...own }], beads: 'ca', ...system },
      },
      'test.yaml',
    );
  const weigh = (weights: readonly number[]) =>
    writeFileSync(weightsFile, encodeNpy({ shape: [weights.length], data: Float32Array.from(weights) }));

  test('frames of weight 0 are left out, and each other one comes as often as its weight says', async () => {
    weigh(Array.from({ length: FRAMES }, (_, i) => (i < 100 ? 3 : i < 200 ? 1 : 0)));
    const { data: whole } = await loadData(molecule({}), new Listener());
    const { data } = await loadData(molecule({ weights: 'given' }, { weights: weightsFile }), new Listener());
    const first = (frame: number, of: DataSet) => [...of.values.subarray(12 * frame, 12 * frame + 12)];
    for (const frame of [0, 1, 2]) expect(first(frame, data.known)).toEqual(first(0, whole.known));
    expect(first(FRAMES - 1, data.known)).toEqual(first(199, whole.known));
    expect(data.training[0]!.count).toBe(FRAMES);
  });

  test('weights of another number of frames, and negative ones, are a sentence', async () => {
    const specification = molecule({ weights: 'given' }, { weights: weightsFile });
    weigh([1, 2]);
    await expect(loadData(specification, new Listener())).rejects.toThrow('there are 400 frames');
    weigh(Array.from({ length: FRAMES }, (_, i) => (i === 7 ? -1 : 1)));
    await expect(loadData(specification, new Listener())).rejects.toThrow('the weight of frame 8 is -1');
  });

  test.each([
    [{ weights: 'energies' }, 'the data have the temperature that is wanted'],
    [{ weights: 'given' }, 'names no file'],
    [{ weights: 'forces', test: 0.2 }, 'are weighed or cooled are no test'],
  ])('%o is refused', (system, words) => {
    expect(() => molecule(system)).toThrow(words);
  });

  test('without forces there are no weights from them', async () => {
    await expect(loadData(molecule({ weights: 'forces' }), new Listener())).rejects.toThrow('has no forces');
  });
});
