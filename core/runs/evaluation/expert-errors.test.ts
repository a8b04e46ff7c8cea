/** A toy whose expert at small noise is trained and whose expert at large noise is not. */
import { expect, test } from 'vitest';
import { methodOf } from '../../methods/methods.ts';
import { toyData } from '../data/toy-data.ts';
import { withEngine } from '../engine-session.ts';
import { openTrained, prepared, trainRun } from '../pipeline.ts';
import { RunFolder } from '../run-folder.ts';
import {
  Listener,
  recordOf,
  runDataOf,
  smallSpecification,
  temporaryFolder,
  toyOf,
} from '../small-run.test-support.ts';
import { expertErrors } from './expert-errors.ts';

const expert = (range: readonly number[], steps: number) => ({
  range,
  network: { kind: 'mlp', widths: [24, 24] },
  steps,
  batch: 64,
  learningRate: [5e-3, 1e-4],
});

test('the expert that was not trained is to blame, and the one below it is not', async () => {
  using folder = temporaryFolder();
  const specification = smallSpecification({
    system: { kind: 'double-well-1d', samples: 4000 },
    experts: [expert([0, 0.3], 2000), expert([0.3, 1], 1)],
    sample: { count: 1000, steps: 60 },
    threads: 1,
  });
  const listener = new Listener();
  const data = runDataOf(specification, await toyData(toyOf(specification), listener.task('data')));
  await prepared(specification, listener);
  {
    await using run = await RunFolder.create(folder.in('run'), recordOf(specification));
    await trainRun(run, recordOf(specification), listener, data);
  }
  const trained = await openTrained(folder.in('run'), listener);
  const found = await withEngine(specification, listener, (engine) =>
    expertErrors(trained, data, 1000, engine, listener),
  );
  expect(found.map(({ t }) => t)).toEqual(
    methodOf(specification)
      .samplingPlan(trained.networks, specification)
      .stages.map(({ from }) => from),
  );
  const [whole, lower] = found.map(({ equalCount }) => equalCount.js);
  expect(lower!.ratio! - lower!.ratioError!).toBeLessThan(1.6);
  expect(whole!.ratio!).toBeGreaterThan(5 * lower!.ratio!);
});
