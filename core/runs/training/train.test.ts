/** Training as a function of its specification: neither threads nor interruptions change a bit, and it ends well. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { decodeSafetensors } from '../../formats/safetensors.ts';
import type { Specification } from '../../specification/settings.ts';
import { readLog } from '../../storage/run-log.ts';
import type { DataSet } from '../data/data-set.ts';
import { systemOf } from '../data/run-system.ts';
import { toyData } from '../data/toy-data.ts';
import { RunFolder, readRunModel } from '../run-folder.ts';
import {
  Listener,
  recordOf,
  runDataOf,
  smallRun,
  smallSpecification,
  temporaryFolder,
  tensorsIn,
  toyOf,
} from '../small-run.test-support.ts';
import { train } from './train.ts';
import { decodeModel } from './trained-model.ts';
import { trainingLines } from './training-log.ts';

const dataOf = (specification: Specification) => toyData(toyOf(specification), new Listener().task('data'));

async function trainIn(path: string, specification: Specification, listener = new Listener(), data?: DataSet) {
  const record = recordOf(specification);
  const isThere = statSync(join(path, 'run.json'), { throwIfNoEntry: false });
  await using folder = await (isThere ? RunFolder.open(path) : RunFolder.create(path, record));
  const { threads } = specification;
  return await train({
    folder,
    specification,
    data: runDataOf(specification, data ?? (await dataOf(specification))),
    threads,
    task: (name) => listener.task(name),
    say: (line) => listener.say(line),
  });
}

/** Everything that must not depend on how the training went. */
async function resultsIn(path: string) {
  const { records } = await readLog(join(path, 'log.jsonl'));
  return {
    model: tensorsIn(join(path, 'model.safetensors')),
    checkpoint: tensorsIn(join(path, 'checkpoint.safetensors')),
    lines: trainingLines(records),
  };
}

/** Seconds and counters of the checkpoint. */
function progressIn(path: string) {
  const file = join(path, 'checkpoint.safetensors');
  return JSON.parse(decodeSafetensors(readFileSync(file), file).metadata.get('progress')!);
}

test.each([
  ['three experts side by side', smallRun.experts],
  ['one expert on all threads', [{ ...smallRun.experts[0]!, range: [0, 1], steps: 40 }]],
])('%s: one, two and three threads leave the same bits, another seed other ones', async (_, experts) => {
  using parent = temporaryFolder();
  const results = [];
  for (const threads of [1, 2, 3]) {
    const path = parent.in(`threads-${threads}`);
    const report = await trainIn(path, smallSpecification({ experts, threads }));
    results.push({ networks: report.networks, ...(await resultsIn(path)) });
  }
  const [one, two, three] = results;
  expect(one!.networks.map(({ steps, nonFinite }) => [steps, nonFinite])).toEqual(
    experts.map(({ steps }) => [steps, 0]),
  );
  expect(one!.networks[0]!.terms.fokkerPlanck).toBeGreaterThan(0);
  expect(two).toEqual(one);
  expect(three).toEqual(one);
  await trainIn(parent.in('seed'), smallSpecification({ experts, seed: 1 }));
  const { model } = await resultsIn(parent.in('seed'));
  const weights = Object.keys(model).filter((name) => name.endsWith('.w'));
  for (const name of weights) expect(model[name]).not.toBe(one!.model[name]);
});

test('stopped again and again at any step, it ends with the same bits, the same log and the same report', async () => {
  using parent = temporaryFolder();
  const specification = smallSpecification({ checkpoint: { everySteps: 1000 } });
  const data = await dataOf(specification);
  const whole = await trainIn(parent.in('whole'), specification, new Listener(), data);
  const path = parent.in('stopped');
  let sessions = 0;
  let seconds = 0;
  for (let report: typeof whole | undefined; !report; sessions++) {
    const patience = 100 + ((sessions * 70) % 150);
    const impatient: Listener = new Listener((_, stop) => {
      const steps = [...impatient.reports.values()].map((own) => own.at(-1)!.done - own[0]!.done);
      if (steps.reduce((sum, done) => sum + done, 0) > patience) stop.abort(new ErgodicError('enough'));
    });
    report = await trainIn(path, specification, impatient, data).catch((error: unknown) => {
      expect(error).toBe(impatient.signal.reason);
      return undefined;
    });
    if (report) expect({ ...report, seconds: 0 }).toEqual({ ...whole, seconds: 0 });
    // Wall time is that of all sessions together.
    expect(progressIn(path).seconds).toBeGreaterThan(seconds);
    ({ seconds } = progressIn(path));
  }
  expect(sessions).toBeGreaterThan(1);
  expect(await resultsIn(path)).toEqual(await resultsIn(parent.in('whole')));
});

test('a regulariser that joins later leaves the steps before it as they are without, whenever it is stopped', async () => {
  using parent = temporaryFolder();
  const [energy] = smallRun.experts;
  const withExpert = (changes: object) =>
    smallSpecification({
      experts: [{ ...energy!, range: [0, 1], steps: 40, gauge: 'none', ...changes }],
      checkpoint: { everySteps: 7 },
    });
  const losses = (path: string) =>
    readFileSync(join(path, 'log.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind === 'training');
  const plain = await trainIn(parent.in('plain'), withExpert({ alpha: 0 }));
  const followed = new Listener();
  const joining = await trainIn(parent.in('joining'), withExpert({ alphaFrom: 0.6 }), followed);
  // A regularised step counts as three plain ones in what is left.
  const [reports] = followed.reports.values();
  expect(reports![0]).toMatchObject({ done: 0, total: 40, left: 24 + 3 * 16 });
  expect(reports!.at(-1)).toMatchObject({ done: 40, left: 0 });
  const always = await trainIn(parent.in('always'), withExpert({}));
  const [without, late, early] = ['plain', 'joining', 'always'].map((name) => losses(parent.in(name)));
  const before = (lines: typeof without) => lines!.filter(({ step }) => step <= 24);
  expect(before(late)).toEqual(before(without));
  expect(before(late)).not.toEqual(before(early));
  for (const { step, terms } of late!) expect(terms.fokkerPlanck > 0).toBe(step > 24);
  expect(plain.networks[0]!.terms.fokkerPlanck).toBeUndefined();
  expect(joining.networks[0]!.terms.fokkerPlanck).toBeGreaterThan(0);
  expect(always.networks[0]!.terms.fokkerPlanck).toBeGreaterThan(0);
  const measuring = new Listener();
  const withGauge = withExpert({ alphaFrom: 0.6, gauge: 'fitted' });
  await trainIn(parent.in('gauge'), withGauge, measuring);
  // The gauge is measured in a twentieth of the steps before the term counts; such a step counts as one and a half.
  expect([...measuring.reports.values()][0]![0]).toMatchObject({ left: 22 + 1.5 * 2 + 3 * 16 });
  for (const { step, terms } of losses(parent.in('gauge'))) expect(terms.fokkerPlanck > 0).toBe(step > 24);
  // A model that was trained without the term has no gauge yet, and begins with none of it when it gets one.
  const system = systemOf({ specification: withGauge });
  const [given] = decodeModel(await readRunModel(parent.in('plain')), withGauge, system, 'plain');
  const [own] = decodeModel(await readRunModel(parent.in('gauge')), withGauge, system, 'gauge');
  expect(given!.parameters.length).toBe(own!.parameters.length);
  expect(Array.from(given!.parameters.slice(-32))).toEqual(Array(32).fill(0));
  expect(Math.max(...own!.parameters.slice(-32).map(Math.abs))).toBeGreaterThan(0.1);
  for (const threads of [1, 3]) {
    const path = parent.in(`threads-${threads}`);
    const specification = { ...withExpert({ alphaFrom: 0.6 }), threads };
    const impatient: Listener = new Listener((_, stop) => {
      const [own] = impatient.reports.values();
      if (own!.at(-1)!.done > 24 - threads) stop.abort(new ErgodicError('enough'));
    });
    await expect(trainIn(path, specification, impatient)).rejects.toThrow('enough');
    await trainIn(path, specification);
    expect((await resultsIn(path)).model).toEqual((await resultsIn(parent.in('joining'))).model);
  }
});

test('a training that is complete is not trained again, and its seconds stay', async () => {
  using parent = temporaryFolder();
  const path = parent.in('run');
  const first = await trainIn(path, smallSpecification());
  const checkpoint = readFileSync(join(path, 'checkpoint.safetensors'));
  const listener = new Listener();
  const again = await trainIn(path, smallSpecification(), listener);
  expect(again.networks).toEqual(first.networks);
  expect(again.seconds).toBeLessThanOrEqual(first.seconds);
  expect(again.seconds).toBeGreaterThan(0);
  expect([...listener.reports.keys()]).toEqual([]);
  expect(readFileSync(join(path, 'checkpoint.safetensors'))).toEqual(checkpoint);
});

test('a checkpoint damaged at any place: the one before it leads to the same end; both damaged, nothing is touched', async () => {
  using parent = temporaryFolder();
  const specification = smallSpecification();
  await trainIn(parent.in('whole'), specification);
  const whole = await resultsIn(parent.in('whole'));
  const path = parent.in('damaged');
  const half = new Listener(({ done }, stop) => {
    if (done >= 150) stop.abort(new Error('half'));
  });
  await expect(trainIn(path, specification, half)).rejects.toThrow('half');
  const [newest, previous] = ['checkpoint.safetensors', 'checkpoint.prev.safetensors'].map((name) => join(path, name));
  const damage = (file: string, at: number) => {
    const bytes = readFileSync(file);
    const place = Math.floor(at * (bytes.length - 1));
    bytes[place]! ^= 0x10;
    writeFileSync(file, bytes);
  };
  const sound = readFileSync(previous!);
  for (const file of [newest!, previous!]) damage(file, 0.4);
  const before = readdirSync(path).map((name) => [name, name.startsWith('.') || readFileSync(join(path, name), 'hex')]);
  await expect(trainIn(path, specification)).rejects.toThrow(
    'Neither `checkpoint.safetensors` nor `checkpoint.prev.safetensors` is usable; nothing was changed',
  );
  expect(
    readdirSync(path).map((name) => [name, name.startsWith('.') || readFileSync(join(path, name), 'hex')]),
  ).toEqual(before);

  writeFileSync(previous!, sound);
  const listener = new Listener();
  await trainIn(path, specification, listener);
  expect(listener.said[0]).toContain('The version before it, `checkpoint.prev.safetensors`, is used instead.');
  expect(await resultsIn(path)).toEqual(whole);
});

test('a checkpoint of another specification is refused', async () => {
  using parent = temporaryFolder();
  const path = parent.in('run');
  await trainIn(path, smallSpecification());
  const wider = smallRun.experts.with(1, { ...smallRun.experts[1]!, network: { kind: 'mlp', widths: [9] } });
  await expect(trainIn(path, smallSpecification({ experts: wider }))).rejects.toThrow(
    "does not fit the run's specification",
  );
});

/** Samples of which so many in a thousand are absurd. */
function spoiled(perThousand: number): DataSet {
  const values = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i * i));
  for (let i = 0; i < 1000; i++) if ((i * 617) % 1000 < perThousand) values[2 * i] = 1e30;
  return { dimension: 2, count: 1000, values };
}

const single = (changes: object = {}) =>
  smallSpecification({
    experts: [{ ...smallRun.experts[2]!, range: [0, 1], steps: 400, batch: 4, ...changes }],
  });

test('steps whose loss is not finite are discarded, counted, shown and logged', async () => {
  using parent = temporaryFolder();
  const listener = new Listener();
  const { networks } = await trainIn(parent.in('run'), single(), listener, spoiled(100));
  const { nonFinite, terms } = networks[0]!;
  // A batch of 4 holds an absurd sample in 1 − 0.9⁴ of all cases; five standard deviations.
  expect(Math.abs(nonFinite - 400 * (1 - 0.9 ** 4))).toBeLessThan(5 * Math.sqrt(400 * 0.34 * 0.66));
  expect(terms.denoising).toBeGreaterThan(0);
  expect(listener.reports.get('training')!.at(-1)!.note).toContain(`${nonFinite} steps discarded`);
  const { lines, model } = await resultsIn(parent.in('run'));
  expect(lines.reduce((sum, { discarded }) => sum + discarded, 0)).toBe(nonFinite);
  for (const text of Object.values(model)) {
    const bytes = Buffer.from(text, 'base64');
    for (let at = 0; at < bytes.length; at += 4) expect(Number.isFinite(bytes.readFloatLE(at))).toBe(true);
  }
});

test('20 discarded steps in a row are a divergence: one sentence, the last good checkpoint, the same again on resuming', async () => {
  using parent = temporaryFolder();
  const outcomes = [];
  // Where the breakdown lies within a call must not matter, so the calls are cut in two ways.
  for (const everySteps of [1, 1000]) {
    const path = parent.in(`every-${everySteps}`);
    const specification = { ...single({ batch: 8 }), checkpoint: { everySteps } };
    const data = spoiled(250);
    const failure = await trainIn(path, specification, new Listener(), data).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ErgodicError);
    const { message } = failure as Error;
    expect(message).toMatch(/^Training of expert 1 diverged at step \d+: its loss was not finite 20 times in a row/);
    expect(readdirSync(path)).not.toContain('model.safetensors');
    const checkpoint = tensorsIn(join(path, 'checkpoint.safetensors'));
    await expect(trainIn(path, specification, new Listener(), data)).rejects.toThrow(message);
    expect(tensorsIn(join(path, 'checkpoint.safetensors'))).toEqual(checkpoint);
    outcomes.push({ message, checkpoint });
  }
  const [first, second] = outcomes;
  expect(Number(/step (\d+)/.exec(first!.message)![1])).toBeGreaterThan(30);
  expect(second).toEqual(first);
});

test('an absurd learning rate ends in a sentence, not in a model of NaN', async () => {
  using parent = temporaryFolder();
  const network = { kind: 'mlp', widths: [64, 64, 64, 64, 64] };
  const changes = { network, conservative: true, alpha: 10, learningRate: [1, 1], steps: 3000, batch: 8 };
  await expect(trainIn(parent.in('run'), single(changes))).rejects.toThrow(
    /diverged at step \d+: .*; start a new run with a smaller `experts\[0\].learningRate` or a smaller `experts\[0\].alpha`\.$/,
  );
});

test('an expert that diverges stops the others, whose progress is kept', async () => {
  using parent = temporaryFolder();
  const path = parent.in('run');
  const network = { kind: 'mlp', widths: [8] };
  const specification = smallSpecification({
    experts: [
      { range: [0, 0.5], network, steps: 100_000_000, batch: 8 },
      { range: [0.5, 1], network, steps: 50, batch: 1000, conservative: false },
    ],
    threads: 2,
  });
  // The second sees an absurd sample in every batch, the first in hardly any.
  await expect(trainIn(path, specification, new Listener(), spoiled(1))).rejects.toThrow(
    'expert 2 diverged at step 20',
  );
  const progress = progressIn(path);
  expect(progress.networks[0].step).toBeGreaterThan(0);
  expect(progress.networks[1].nonFiniteInRow).toBe(20);
});
