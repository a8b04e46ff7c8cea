/** Runs that are killed or stopped at any moment end, once resumed, with the very files of an undisturbed run. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { decodeNpy } from '../formats/npy.ts';
import { decodeSafetensors } from '../formats/safetensors.ts';
import { chainFrames, chainTopology, smallMolecularRun, writeMolecule } from '../runs/small-molecule.test-support.ts';
import { leftoversIn, smallRun, temporaryFolder, tensorsIn } from '../runs/small-run.test-support.ts';
import { trainingLines } from '../runs/training/training-log.ts';
import { readLog } from '../storage/run-log.ts';
import { uniformSource } from '../systems/toys/gaussian.ts';
import { ergodicJson, expectWhole, RunningErgodic, versionOf } from './ergodic.test-support.ts';

const KILLS = 10;

const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

function specificationIn(path: string, changes: object) {
  writeFileSync(path, JSON.stringify({ ...smallRun, ...changes }));
  return path;
}

const trainedIn = async (path: string) => ({
  model: tensorsIn(join(path, 'model.safetensors')),
  checkpoint: tensorsIn(join(path, 'checkpoint.safetensors')),
  lines: trainingLines((await readLog(join(path, 'log.jsonl'))).records),
});

const long = (steps: number) => ({
  experts: smallRun.experts.map((expert) => ({ ...expert, steps })),
  checkpoint: { everySteps: 100 },
});

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

/** A training that nobody disturbs, on one thread. */
function undisturbedTraining(spec: string) {
  const path = parent.in('undisturbed');
  rmSync(path, { recursive: true, force: true });
  return { path, report: ergodicJson('train', spec, '--out', path, '--threads', '1') };
}

test(`training killed ${KILLS} times, at its beginning and anywhere later, loses nothing and ends with the same bits`, {
  tags: ['full'],
}, async () => {
  const spec = specificationIn(parent.in('long.json'), long(6000));
  const undisturbed = undisturbedTraining(spec);
  const path = parent.in('killed');
  const next = uniformSource(20);
  const random = (below: number) => (next() / 2 ** 32) * below;
  for (let kill = 0; kill < KILLS; kill++) {
    const begun = existsSync(join(path, 'run.json'));
    const threads = ['--threads', String(1 + (kill % 2))];
    const resume = kill % 3 === 0 ? ['resume', path] : ['train', spec, '--out', path, '--resume'];
    const running = new RunningErgodic(...(begun ? resume : ['train', spec, '--out', path]), ...threads);
    const checkpoint = join(path, 'checkpoint.safetensors');
    const before = versionOf(checkpoint);
    if (kill % 3 === 0) await sleep(random(400));
    else {
      await running.until(() => versionOf(checkpoint) !== before);
      await sleep(random(60));
    }
    expect(await running.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    expectWhole(path);
  }
  const { experts } = ergodicJson('train', spec, '--out', path, '--resume');
  expect(experts).toEqual(undisturbed.report.experts);
  expect(await trainedIn(path)).toEqual(await trainedIn(undisturbed.path));
  expect(leftoversIn(path)).toEqual([]);
  expect(json(join(path, 'run.json'))).toMatchObject({ finished: true, seconds: { train: expect.any(Number) } });
});

test('a run killed while it trains, samples, simulates and evaluates ends with the same files', async () => {
  const sample = { count: 9000, solver: 'em', steps: 60 };
  const spec = specificationIn(parent.in('run.json'), { sample });
  const [path, whole] = [parent.in('killed-run'), parent.in('whole-run')];
  for (const [index, last] of [
    'checkpoint.safetensors',
    'model.safetensors',
    'samples.npy',
    'simulation.npy',
    'metrics.json',
  ].entries()) {
    const running = new RunningErgodic(...(index === 0 ? ['run', spec, '--out', path] : ['resume', path]));
    await running.until(() => existsSync(join(path, last)));
    await running.end('SIGKILL');
    expectWhole(path);
  }
  const resumed = ergodicJson('resume', path, '--threads', '1');
  const expected = ergodicJson('run', spec, '--out', whole);
  expect(resumed.metrics).toEqual(expected.metrics);
  expect(Object.keys(resumed.seconds).toSorted()).toEqual(['sample', 'simulate', 'train']);
  for (const name of [
    'samples.npy',
    'simulation.npy',
    'metrics.json',
    'figures/training.csv',
    'figures/residual.csv',
  ]) {
    expect(readFileSync(join(path, name)).equals(readFileSync(join(whole, name))), name).toBe(true);
  }
  expect(await trainedIn(path)).toEqual(await trainedIn(whole));
  expect(leftoversIn(path)).toEqual([]);
  expect(json(join(path, 'run.json')).finished).toBe(true);
}, 120_000);

/** What an interrupted maker left: how far it was, and for how long. */
function checkpointIn(path: string): { step: number; numbers: number; seconds: number } {
  const { metadata } = decodeSafetensors(readFileSync(`${path}.partial.safetensors`), path);
  return JSON.parse(metadata.get('progress')!);
}

test('a molecule killed in the middle of its samples and of its simulation goes on there, to the same frames', {
  tags: ['full'],
}, async () => {
  const source = writeMolecule(parent.in('chain'), chainTopology(['ALA', 'GLY', 'SER']), chainFrames(3, 40, 1));
  const experts = smallMolecularRun.experts.map((expert) => ({ ...expert, steps: 5 }));
  const endless = {
    sample: { count: 2000, solver: 'em', steps: 1_000_000 },
    simulate: { ...smallMolecularRun.simulate, steps: 100_000_000 },
  };
  const system = { kind: 'molecule', sources: [source], beads: 'ca' };
  const path = parent.in('molecule');
  const spec = specificationIn(parent.in('molecule.json'), { ...smallMolecularRun, system, experts, ...endless });
  ergodicJson('train', spec, '--out', path);
  for (const [command, file] of [
    ['sample', join(path, 'samples.xtc')],
    ['simulate', join(path, 'simulation.xtc')],
  ] as const) {
    const state = `${file}.partial.safetensors`;
    let before = { step: 0, numbers: 0, seconds: 0 };
    for (let kill = 0; kill < 2; kill++) {
      const version = versionOf(state);
      const running = new RunningErgodic(command, path, '--threads', String(1 + kill));
      await running.until(() => versionOf(state) !== version);
      await running.end('SIGKILL');
      expectWhole(path);
      const checkpoint = checkpointIn(file);
      expect(checkpoint.step).toBeGreaterThan(before.step);
      // One second between checkpoints, and those of the session before.
      expect(checkpoint.seconds).toBeGreaterThan(before.seconds + 0.9);
      before = checkpoint;
    }
    if (command === 'sample') continue;
    const steps = before.step - smallMolecularRun.simulate.equilibration;
    const short = parent.in('short.npy');
    ergodicJson('simulate', path, '--steps', String(steps), '--out', short, '--threads', '1');
    const { data } = decodeNpy(readFileSync(short), short);
    expect(data.length).toBe(before.numbers);
    const rows = readFileSync(`${file}.partial`).subarray(0, 4 * before.numbers);
    expect(rows.equals(Buffer.from(data.buffer, data.byteOffset, data.byteLength))).toBe(true);
  }
  expect(readdirSync(path).filter((name) => name.endsWith('.xtc'))).toEqual([]);
});

test('Ctrl-C stops at a checkpoint with exit code 1 and a sentence, and what was stopped can be resumed', async () => {
  // Stopped after two hundred of them.
  const slow = { ...long(2500), sample: { count: 100_000, solver: 'em', steps: 1000 } };
  const spec = specificationIn(parent.in('slow.json'), slow);
  const path = parent.in('stopped');
  for (const [words, last] of [
    [['run', spec, '--out', path], 'checkpoint.prev.safetensors'],
    [['resume', path], 'model.safetensors'],
  ] as const) {
    const running = new RunningErgodic(...words);
    await running.until(() => existsSync(join(path, last)));
    const { code, said } = await running.end('SIGINT');
    expect(code).toBe(1);
    expect(said).toContain('Stopping at the next checkpoint; press Ctrl-C again to stop at once.\n');
    expect(said.trimEnd().split('\n').at(-1)).toBe(
      `Stopped before the end, as asked: go on with \`ergodic resume ${path}\`.`,
    );
    expectWhole(path);
    expect(leftoversIn(path)).toEqual([]);
    expect(existsSync(join(path, 'samples.npy'))).toBe(false);
  }
  const undisturbed = undisturbedTraining(spec);
  expect(tensorsIn(join(path, 'model.safetensors'))).toEqual(tensorsIn(join(undisturbed.path, 'model.safetensors')));
}, 120_000);
