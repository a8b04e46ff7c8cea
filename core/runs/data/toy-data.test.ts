import { writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ErgodicError } from '../../errors.ts';
import { encodeNpy } from '../../formats/npy.ts';
import { generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { Listener, smallSpecification, temporaryFolder, toyOf } from '../small-run.test-support.ts';
import { fingerprint } from './data-set.ts';
import { readDataSet, secondDataSet, toyData } from './toy-data.ts';

const system = toyOf(smallSpecification());

test('generated data are the trajectory of the system, however they are cut, and are reported to their end', async () => {
  const listener = new Listener();
  const { values, count, dimension } = await toyData(system, listener.task('data'));
  const { positions } = generateTrajectory(toySystem(system.kind), { seed: system.seed, samples: system.samples });
  expect({ count, dimension }).toEqual({ count: 500, dimension: 2 });
  expect(values).toEqual(Float32Array.from(positions));
  expect(listener.reports.get('data')!.at(-1)).toEqual({ done: 500, total: 500, unit: 'samples' });
  expect((await secondDataSet(system, 500, listener.task('second'))).values).not.toEqual(values);
});

test('a stop is obeyed while data are generated', async () => {
  const listener = new Listener(({ done }, stop) => {
    if (done > 0) stop.abort(new ErgodicError('enough'));
  });
  const many = { ...system, samples: 10_000_000 };
  await expect(toyData(many, listener.task('data'))).rejects.toThrow('enough');
});

const npy = (shape: number[], ...values: number[]) => encodeNpy({ shape, data: Float32Array.from(values) });
test.each([
  ['nan.npy', npy([3, 2], 0, 1, 2, Number.NaN, 4, 5), 'sample 2, coordinate 2 is NaN, not a finite number'],
  ['infinite.npy', npy([2, 2], 0, 1, Number.POSITIVE_INFINITY, 1), 'sample 2, coordinate 1 is Infinity'],
  ['nan.csv', 'x,y\n1,2\n,4\n', 'sample 2, coordinate 1 is NaN'],
  ['words.csv', 'x,y\n1,two\n', 'has "two" in line 2, column 2, where a number was expected'],
  ['ragged.csv', 'x,y\n1,2\n3\n', 'has 1 fields in line 3'],
  ['plane.npy', npy([4, 3], ...Array(12).fill(0)), 'holds points of 3 coordinates, but the system has 2'],
  ['one.npy', npy([1, 2], 0, 1), 'holds 1 samples, and at least 2 are needed'],
  ['empty.csv', '', 'is empty'],
  ['cut.npy', npy([3, 2], 0, 1, 2, 3, 4, 5).subarray(0, 140), 'does not fill its 12 bytes of data'],
  ['data.txt', '1 2\n', 'end it in .npy or .csv'],
])('%s is one sentence that names the file', async (name, content, words) => {
  using folder = temporaryFolder();
  writeFileSync(folder.in(name), content);
  const failure = await readDataSet(folder.in(name), 2).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ErgodicError);
  expect((failure as Error).message).toContain(words);
  expect((failure as Error).message).toMatch(new RegExp(`^[^\\n]*\`${folder.in(name)}\`[^\\n]*\\.$`));
});

test('a missing file and a folder are one sentence', async () => {
  using folder = temporaryFolder();
  await expect(readDataSet(folder.in('none.npy'), 2)).rejects.toThrow('does not exist: check the spelling');
  await expect(readDataSet(folder.path, 2)).rejects.toThrow('is a folder where a file was expected');
});

test('samples, trajectories and whole numbers are read; the fingerprint is that of the values', async () => {
  using folder = temporaryFolder();
  writeFileSync(folder.in('a.csv'), 'x,y\n1,2\n3,4\n');
  writeFileSync(folder.in('b.npy'), npy([2, 1, 2], 1, 2, 3, 4));
  const [a, b] = await Promise.all(['a.csv', 'b.npy'].map((name) => readDataSet(folder.in(name), 2)));
  expect(a).toEqual({ dimension: 2, count: 2, values: Float32Array.of(1, 2, 3, 4) });
  expect(b).toEqual(a);
  expect(fingerprint([a!])).toBe(fingerprint([b!]));
  expect(fingerprint([{ ...a!, values: Float32Array.of(1, 2, 3, 5) }])).not.toBe(fingerprint([a!]));
});
