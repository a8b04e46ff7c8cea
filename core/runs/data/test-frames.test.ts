/** Frames set apart for testing: nothing is learned or chosen from them, and results are compared with them alone. */
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { validateSpecification } from '../../specification/specification.ts';
import { newRecord } from '../new-run.ts';
import { completeRun, prepared } from '../pipeline.ts';
import { RunFolder } from '../run-folder.ts';
import { chainFrames, chainTopology, writeMolecule } from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import { loadData } from './load-data.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const BEADS = 4;
const FRAMES = 200;
const source = writeMolecule(
  parent.in('chain'),
  chainTopology(['ALA', 'GLY', 'SER', 'ALA']),
  chainFrames(BEADS, FRAMES, 1),
);
const network = { kind: 'graph-transformer', hidden: 8, layers: 1, heads: 2, headWidth: 4 };

const specificationOf = (system: object) =>
  validateSpecification(
    {
      system: { kind: 'molecule', sources: [source], beads: 'ca', ...system },
      experts: [{ network, steps: 4, batch: 8 }],
      sample: { count: 60, steps: 4 },
      simulate: { replicas: 4, steps: 20, equilibration: 0, stride: 1 },
      evaluate: { residualPoints: 2 },
      threads: 1,
    },
    'test.yaml',
  );

const dataOf = async (system: object) => (await loadData(specificationOf(system), new Listener())).data;

test('the last frames are the reference, and the others are all that is known', async () => {
  const whole = await dataOf({});
  const { training, validation, reference, known, system } = await dataOf({ test: 0.25, validation: 0.2 });
  expect([known.count, reference.count]).toEqual([150, 50]);
  expect([...known.values, ...reference.values]).toEqual([...whole.reference.values]);
  expect(training[0]!.count + validation[0]!.count).toBe(150);
  expect(whole.known).toBe(whole.reference);
  // The data scale is learned, too.
  expect(system.scale).not.toBe(whole.system.scale);
});

test('results are compared with them, beside the floor that the other frames set', async () => {
  const specification = specificationOf({ test: 0.25 });
  const listener = new Listener();
  const { data, facts } = await prepared(specification, listener);
  const record = { ...newRecord(specification, 'run', 'test'), ...facts };
  await using folder = await RunFolder.create(join(parent.path, 'run'), record);
  const { metrics } = await completeRun(folder, record, listener, data);
  const { quality } = metrics;
  expect(quality.reference).toMatchObject({ frames: 50, forTesting: true });
  expect(quality.iid!.equalCount).toMatchObject({ count: 50, against: 50 });
  expect(quality.iid!.equalCount.pmf.floor.mean).toBeGreaterThan(0);
});

test('a fraction that leaves nothing on one side is a sentence', async () => {
  await expect(dataOf({ stride: 100, test: 0.6 })).rejects.toThrow(/has 2 frames, too few to set `system.test: 0.6`/);
});
