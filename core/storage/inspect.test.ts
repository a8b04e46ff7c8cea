import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { trrWriter } from '../formats/trr.ts';
import { Listener, temporaryFolder } from '../runs/small-run.test-support.ts';
import { inspect } from './inspect.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const told = (path: string) => inspect(path, new Listener().task('scanning'));

test.each([
  [false, 0.1, 0.1],
  [false, 20_000, 0.5],
  [true, 395_401.2, 0.0123],
  [true, 1e6, 0.002],
  [true, 0, 0],
])('times as they were meant: double precision %s, from %f ps on, every %f ps', async (double, first, step) => {
  const path = folder.in('times.trr');
  const writer = trrWriter({ atoms: 1, double });
  const positions = new Float32Array(3);
  writeFileSync(path, Buffer.concat([0, 1, 2].map((i) => writer.frame({ positions, time: first + i * step }))));
  expect(await told(path)).toMatchObject({ firstTime: first, timeStep: step, frames: 3 });
});

test('problems are sentences that say where', async () => {
  const atom = (x: number) => `ATOM      1  CA  ALA A   1    ${x.toFixed(3).padStart(8)}   0.000   0.000  1.00  0.00\n`;
  const path = folder.in('models.pdb');
  writeFileSync(path, `MODEL        1\n${atom(1)}ENDMDL\nMODEL        2\n${atom(1)}${atom(2)}ENDMDL\n`);
  const { frames, problems } = await told(path);
  expect(frames).toBe(1);
  expect(problems).toEqual([
    `Model 2 of \`${path}\` has 2 atom lines where the first has 1: only the models before it are read (byte 89).`,
  ]);
});

test('names without positions', async () => {
  const path = folder.in('names.psf');
  const atom = '       1 SEG  1    ALA  CA   CT1    0.070000       12.0110           0\n';
  writeFileSync(path, `PSF\n\n       1 !NTITLE\n REMARKS\n\n       1 !NATOM\n${atom}\n       0 !NBOND: bonds\n\n`);
  expect(await told(path)).toMatchObject({
    format: 'PSF',
    atoms: 1,
    residues: 1,
    chains: ['SEG'],
    frames: 0,
    firstTime: null,
    timeStep: null,
    holds: [],
    shape: null,
  });
});

test('a table that is none, and an array of no known kind', async () => {
  writeFileSync(folder.in('words.csv'), 'x,y\n1,two\n');
  await expect(told(folder.in('words.csv'))).rejects.toThrow(/"two" in line 2, column 2, where a number was expected/);
  writeFileSync(folder.in('text.npy'), 'no array at all');
  await expect(told(folder.in('text.npy'))).rejects.toThrow(ErgodicError);
});
