import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { decodeSamples } from '../formats/samples.ts';
import { leftoversIn, temporaryFolder } from '../runs/small-run.test-support.ts';
import { writeArrayFile } from './array-file.ts';
import { PartialRows } from './partial-rows.ts';

const shape = [3, 2, 2];
const data = Float32Array.from({ length: 12 }, (_, i) => i / 8);

test.each(['npy', 'csv'])('rows become a .%s under its name when they are all there', async (ending) => {
  using folder = temporaryFolder();
  const path = folder.in(`a.${ending}`);
  {
    await using rows = await PartialRows.begin(path);
    for (const [from, to] of [
      [0, 4],
      [4, 6],
      [6, 12],
    ]) {
      await rows.append(data.subarray(from, to));
      expect(readdirSync(folder.path)).not.toContain(`a.${ending}`);
    }
    await writeArrayFile(path, shape, rows);
  }
  expect(readdirSync(folder.path)).toEqual([`a.${ending}`]);
  expect(decodeSamples(path, readFileSync(path))).toEqual({ shape, data });
});

test('an array of many blocks is the rows in order', async () => {
  using folder = temporaryFolder();
  const path = folder.in('a.npy');
  const many = Float32Array.from({ length: 3 * 1_000_001 }, (_, i) => i % 1013);
  await using rows = await PartialRows.begin(path);
  await rows.append(many);
  await writeArrayFile(path, [1_000_001, 3], rows);
  expect(decodeSamples(path, readFileSync(path)).data).toEqual(many);
});

test('what is not finished leaves nothing behind and what was there before alone', async () => {
  using folder = temporaryFolder();
  const path = folder.in('a.npy');
  writeFileSync(path, 'before');
  await expect(
    (async () => {
      await using rows = await PartialRows.begin(path);
      await rows.append(data.subarray(0, 4));
      throw new Error('interrupted');
    })(),
  ).rejects.toThrow('interrupted');
  expect(readFileSync(path, 'utf8')).toBe('before');
  expect(leftoversIn(folder.path)).toEqual([]);
});

test('a folder that is not there is one sentence, before any work', async () => {
  using folder = temporaryFolder();
  await expect(PartialRows.begin(folder.in('none/a.npy'))).rejects.toThrow(ErgodicError);
});
