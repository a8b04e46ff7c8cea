/**
 * A generator that is trained by drifting makes what the data are: a skewed mixture, in both directions. How
 * its training is divided among threads or sessions changes no bit.
 */
import { existsSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { loadEngine } from '../../engines/registry.ts';
import { ErgodicError } from '../../errors.ts';
import { validateSpecification } from '../../specification/specification.ts';
import { gaussianSource, uniformSource } from '../../systems/toys/gaussian.ts';
import type { DataSet } from '../data/data-set.ts';
import { expertErrors } from '../evaluation/expert-errors.ts';
import { RunFolder, readRunModel } from '../run-folder.ts';
import { sampleRun, simulateRun } from '../sampling/from-model.ts';
import { gathered, Listener, recordOf, runDataOf, temporaryFolder, tensorsIn } from '../small-run.test-support.ts';
import { train } from './train.ts';
import { decodeModel } from './trained-model.ts';

const engine = await loadEngine('wasm', { threads: 2 });
afterAll(() => engine.dispose());

/** Of two Gaussians on the x axis, near enough for a continuous generator. */
const [LEFT, RIGHT, WIDTH, LEFT_FRACTION] = [-0.4, 0.4, 0.25, 0.7];

function mixture(count: number): DataSet {
  const [next, word] = [gaussianSource(3), uniformSource(4)];
  const values = new Float32Array(2 * count);
  for (let i = 0; i < count; i++) {
    values[2 * i] = (word() / 2 ** 32 < LEFT_FRACTION ? LEFT : RIGHT) + WIDTH * next();
    values[2 * i + 1] = WIDTH * next();
  }
  return { dimension: 2, count, values };
}

const specificationWith = (generator: object, changes: object = {}) =>
  validateSpecification(
    {
      name: 'drift',
      method: 'drifting',
      system: { kind: 'double-well-2d', samples: 500 },
      generator: { hidden: 48, layers: 2, noise: 8, generated: 96, batch: 192, steps: 600, ...generator },
      sample: { count: 4000 },
      engine: 'wasm',
      threads: 2,
      checkpoint: { everySteps: 20 },
      ...changes,
    },
    'drift.yaml',
  );

async function trainIn(path: string, specification: ReturnType<typeof specificationWith>, listener = new Listener()) {
  const data = runDataOf(specification, mixture(5000));
  const isThere = existsSync(path);
  await using folder = await (isThere ? RunFolder.open(path) : RunFolder.create(path, recordOf(specification)));
  const { threads } = specification;
  const trained = await train({
    folder,
    specification,
    data,
    threads,
    task: (name) => listener.task(name),
    say: () => undefined,
  });
  const networks = decodeModel(await readRunModel(path), specification, data.system, path);
  return { trained, networks, system: data.system, specification };
}

test('it learns where the data are, how wide they are, and how many are where', async () => {
  using parent = temporaryFolder();
  const run = await trainIn(parent.in('run'), specificationWith({}));
  const { take, values } = gathered();
  expect(await sampleRun(run, engine, new Listener(), take)).toBe(4000);
  const alongAxis = (of: ArrayLike<number>, axis: number) => Array.from(of).filter((_, i) => i % 2 === axis);
  const quantile = (of: readonly number[], q: number) => of.toSorted((a, b) => a - b)[Math.floor(q * of.length)]!;
  const data = mixture(5000).values;
  for (const axis of [0, 1]) {
    for (const q of [0.05, 0.2, 0.4, 0.6, 0.8, 0.95]) {
      const [made, known] = [values(), data].map((of) => quantile(alongAxis(of, axis), q));
      expect(Math.abs(made! - known!)).toBeLessThan(0.08);
    }
  }
  // The field of every bandwidth is handed out, and shrinks.
  const { terms } = run.trained.networks[0]!;
  expect(Object.keys(terms)).toEqual(['field 0.05', 'field 0.15', 'field 0.4']);
  expect(terms['field 0.4']).toBeLessThan(0.02);
});

test('stopped in between or on one thread, it ends with the same bits', async () => {
  using parent = temporaryFolder();
  const specification = specificationWith({ steps: 60 });
  await trainIn(parent.in('whole'), specification);
  await trainIn(parent.in('alone'), { ...specification, threads: 1 });
  let stops = 0;
  for (let done = false; !done; stops++) {
    const impatient: Listener = new Listener((progress, stop) => {
      const own = impatient.reports.get('training')!;
      if (progress.done - own[0]!.done >= 20 && progress.done < 60) stop.abort(new ErgodicError('enough'));
    });
    done = await trainIn(parent.in('stopped'), specification, impatient).then(
      () => true,
      () => false,
    );
  }
  expect(stops).toBeGreaterThan(1);
  const modelIn = (name: string) => tensorsIn(`${parent.in(name)}/model.safetensors`);
  expect(modelIn('alone')).toEqual(modelIn('whole'));
  expect(modelIn('stopped')).toEqual(modelIn('whole'));
});

test('what a generator cannot do is said', async () => {
  using parent = temporaryFolder();
  const run = await trainIn(parent.in('run'), specificationWith({ steps: 2 }));
  const data = runDataOf(run.specification, mixture(200));
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error) => error.message,
    );
  expect(
    await refused(
      simulateRun(
        run,
        async () => data.known,
        engine,
        new Listener(),
        async () => undefined,
      ),
    ),
  ).toBe('The method Drifting has no force: its models can be sampled but not simulated.');
  expect(await refused(expertErrors(run, data, 100, engine, new Listener()))).toBe(
    'Samples of the method Drifting begin nowhere but at noise: it has no experts.',
  );
});

test.each([
  [
    { generator: { representation: 'distances' } },
    '`generator.representation` is distances, but a toy system has no beads: set it to coordinates.',
  ],
  [{ generator: { bandwidths: [0.1, 0.1] } }, '`generator.bandwidths` names one twice.'],
  [
    { generator: { bandwidths: [] } },
    '`generator.bandwidths` is an empty list; it must be a list of 1 to 8 numbers, each above 0 and at most 10.',
  ],
  [{ sample: { steps: 10 } }, '`sample.steps` is not a setting; known are count, brokenBonds.'],
])('%j is refused in a sentence', (changes, sentence) => {
  const run = { name: 'drift', method: 'drifting', system: { kind: 'double-well-2d' }, ...changes };
  expect(() => validateSpecification(run, 'drift.yaml')).toThrow(sentence);
});
