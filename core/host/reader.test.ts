import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import type { TaskProgress } from './contract.ts';
import { Reader } from './reader.ts';
import { named, sample, sampleSource } from './reading/reading.test-support.ts';
import { readingHandlers } from './reading-handlers.ts';

const always = new AbortController().signal;
const question = (frame: number) => ({ source: sampleSource, frame });

test('questions are answered in a thread, arrays as they are, refusals as sentences with short names', async () => {
  await using reader = new Reader();
  const { inspections } = await reader.ask('files.inspect', { files: named(sample.trajectory) }, always);
  expect(inspections).toMatchObject([{ frames: 12_000 }]);
  const { positions } = await reader.ask('data.frame', question(7), always);
  expect(positions).toBeInstanceOf(Float32Array);
  expect(positions).toHaveLength(66);
  const refused = reader.ask('data.structure', { source: { ...sampleSource, structure: '/gone/a.pdb' } }, always);
  await expect(refused).rejects.toThrow(new ErgodicError('`a.pdb` does not exist: check the spelling.'));
});

test('handlers exchange ids for paths, and refuse as the host does', async () => {
  await using reader = new Reader();
  const handlers = readingHandlers(reader);
  const paths = new Map([
    ['f1', sample.structure],
    ['f2', sample.trajectory],
  ]);
  const context = {
    pathOf: (id: string) => {
      const path = paths.get(id);
      if (path === undefined) throw new ErgodicError('This file is not open here.');
      return path;
    },
    entryOf: async () => ({ id: 'f1', name: '', folder: '', bytes: 0 }),
    projectFolder: () => '',
    runFolder: () => sample.run,
    withPaths: (draft: unknown) => draft,
    signal: always,
  };
  const source = { structure: 'f1', trajectories: ['f2'], use: 'train' as const };
  expect(await handlers['data.structure']({ source }, context)).toMatchObject({ atoms: 22, frames: 12_000 });
  const foreign = { ...source, trajectories: ['f3'] };
  await expect(handlers['data.structure']({ source: foreign }, context)).rejects.toThrow('not open here');
  expect(await handlers['structures.open']({ run: 'r', set: 'samples' }, context)).toMatchObject({ frames: 5000 });
});

test('an asker that has gone is not waited for, and the thread goes on with the next', async () => {
  await using reader = new Reader();
  const stop = new AbortController();
  const toy = { draft: { system: { kind: 'mueller-brown', samples: 50_000_000 } } };
  const long = reader.ask('data.surface', toy, stop.signal);
  const waiting = reader.ask('runs.results', { run: 'r', folder: sample.run }, always);
  const gone = new AbortController();
  const never = reader.ask('runs.results', { run: 'r', folder: sample.run }, gone.signal);
  gone.abort(new Error('the window was closed'));
  await expect(never).rejects.toThrow('the window was closed');
  // A scrubber does not wait for it.
  expect(await reader.ask('data.frame', question(3), always)).toMatchObject({ trajectory: 0 });
  stop.abort(new Error('changed my mind'));
  await expect(long).rejects.toThrow('changed my mind');
  expect(await waiting).toMatchObject({ run: 'r' });
  await expect(reader.ask('data.frame', question(3), stop.signal)).rejects.toThrow('changed my mind');
});

test('newer settings take the place of older ones; the same ones are answered twice', async () => {
  await using reader = new Reader();
  const surface = (samples: number) =>
    reader.ask('data.surface', { draft: { system: { kind: 'mueller-brown', samples } } }, always);
  const old = surface(50_000_000);
  const older = surface(40_000_000);
  const [one, other] = [surface(300), surface(300)];
  await expect(old).rejects.toThrow('Newer settings took the place of these.');
  await expect(older).rejects.toThrow('Newer settings took the place of these.');
  expect((await one).distribution.count).toBe(300);
  expect((await other).distribution.count).toBe(300);
});

/** A thread that answers with the name of the question, and ends itself in the way that a structure names. */
const FRAGILE = `
import { parentPort } from 'node:worker_threads';
parentPort.on('message', ({ kind, id, name, question }) => {
  if (kind !== 'ask') return;
  const way = question.source?.structure;
  if (way === 'exit') process.exit(1);
  if (way === 'throw') setImmediate(() => { throw new Error('what nobody foresaw'); });
  else if (way === 'defect') parentPort.postMessage({ kind: 'defect', id, message: 'wrong', stack: 'here' });
  else parentPort.postMessage({ kind: 'answer', id, answer: name });
});
`;

test('a thread that breaks down fails one question with a sentence; the next ones have a fresh thread', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.in('fragile.mjs'), FRAGILE);
  await using reader = new Reader({ threadFile: pathToFileURL(folder.in('fragile.mjs')) });
  const ask = (way: string) =>
    reader.ask('data.structure', { source: { structure: way, trajectories: [] } }, always) as Promise<unknown>;
  expect(await ask('')).toBe('data.structure');
  const answers = await Promise.allSettled(['exit', '', 'throw', 'defect', '', 'exit', ''].map(ask));
  expect(answers.map(({ status }) => status === 'fulfilled')).toEqual([false, true, false, false, true, false, true]);
  const reason = (place: number) => (answers[place] as PromiseRejectedResult).reason;
  expect(reason(0)).toBeInstanceOf(ErgodicError);
  expect(reason(0).message).toContain('Reading broke down here');
  expect(reason(2)).toBeInstanceOf(ErgodicError);
  // A defect is for the host's log, not for a person.
  expect(reason(3)).not.toBeInstanceOf(ErgodicError);
  expect(reason(3).stack).toBe('here');
});

test('a reader that is closed leaves nobody waiting', async () => {
  const reader = new Reader();
  const draft = { system: { kind: 'mueller-brown', samples: 50_000_000 } };
  const long = reader.ask('data.surface', { draft }, always);
  const refused = expect(long).rejects.toThrow('The host was closed before this was read.');
  await reader[Symbol.asyncDispose]();
  await refused;
  await expect(reader.ask('data.surface', { draft }, always)).rejects.toThrow('reads nothing any more');
});

test('what takes a while is told as it goes, and that it is over', async () => {
  const told: TaskProgress[][] = [];
  const stop = new AbortController();
  const progress = (tasks: TaskProgress[]) => {
    told.push(tasks);
    stop.abort(new Error('seen enough'));
  };
  await using reader = new Reader({ progress });
  await reader.ask('data.frame', question(1), always);
  expect(told).toEqual([]);
  const surface = (samples: number, signal: AbortSignal) =>
    reader.ask('data.surface', { draft: { system: { kind: 'mueller-brown', samples } } }, signal);
  await expect(surface(50_000_000, stop.signal)).rejects.toThrow('seen enough');
  expect(told[0]).toMatchObject([{ name: 'data', total: 50_000_000, unit: 'samples' }]);
  await surface(100, always);
  expect(told.at(-1)).toEqual([]);
});
