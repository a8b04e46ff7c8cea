import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { decodeSamples } from '../formats/samples.ts';
import { ArrayFile } from './array-file.ts';
import { leftoversIn, temporaryFolder } from './small-run.test-support.ts';

const shape = [3, 2, 2];
const data = Float32Array.from({ length: 12 }, (_, i) => i / 8);

test.each(['npy', 'csv'])('a .%s appears whole, under its name, when it is finished', async (ending) => {
  using folder = temporaryFolder();
  const path = folder.in(`a.${ending}`);
  {
    await using file = await ArrayFile.create(path, shape);
    for (const [from, to] of [
      [0, 4],
      [4, 6],
      [6, 12],
    ]) {
      await file.append(data.subarray(from, to));
      expect(readdirSync(folder.path)).not.toContain(`a.${ending}`);
    }
    await file.finish();
  }
  expect(readdirSync(folder.path)).toEqual([`a.${ending}`]);
  expect(decodeSamples(path, readFileSync(path))).toEqual({ shape, data });
});

test('what is not finished leaves nothing behind and what was there before alone', async () => {
  using folder = temporaryFolder();
  const path = folder.in('a.npy');
  writeFileSync(path, 'before');
  await expect(
    (async () => {
      await using file = await ArrayFile.create(path, shape);
      await file.append(data.subarray(0, 4));
      throw new Error('interrupted');
    })(),
  ).rejects.toThrow('interrupted');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(leftoversIn(folder.path)).toEqual([]);
});

test('a file with rows missing is a defect, not a file', async () => {
  using folder = temporaryFolder();
  await using file = await ArrayFile.create(folder.in('a.npy'), shape);
  await file.append(data.subarray(0, 4));
  await expect(file.finish()).rejects.toThrow('2 rows were written of 6');
});

test('a folder that is not there is one sentence, before any work', async () => {
  using folder = temporaryFolder();
  await expect(ArrayFile.create(folder.in('none/a.npy'), shape)).rejects.toThrow(ErgodicError);
});
