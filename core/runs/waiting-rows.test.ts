import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryFolder } from './small-run.test-support.ts';
import { WaitingRows } from './waiting-rows.ts';

const rows = (from: number, count: number) => Float32Array.from({ length: count }, (_, i) => from + i);

async function contents(waiting: WaitingRows): Promise<number[]> {
  const all = new Float32Array(waiting.numbers);
  await waiting.read(0, all);
  return [...all];
}

/** Ten numbers and a mark, then three more that are lost. */
async function interrupted(target: string, key = 'this') {
  await using waiting = await WaitingRows.resume(target, key);
  await waiting.append(rows(0, 10));
  await waiting.keep({ step: 7, state: { x: rows(100, 3) } });
  await waiting.append(rows(50, 3));
}

test('what was marked is there again, with its state; what came later is cut off', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  await using again = await WaitingRows.resume(target, 'this');
  expect(again.mark?.step).toBe(7);
  expect([...again.mark!.state.x!]).toEqual([100, 101, 102]);
  await again.append(rows(10, 2));
  expect(await contents(again)).toEqual([...rows(0, 12)]);
});

test('what is finished leaves nothing behind', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  {
    await using again = await WaitingRows.resume(target, 'this');
    again.finish();
  }
  expect(readdirSync(folder.path)).toEqual([]);
});

test.each([
  ['rows of something else', (_path: string): void => undefined, 'that'],
  ['rows that are cut off before the mark', (path: string) => truncateSync(`${path}.partial`, 39), 'this'],
  ['a mark that is damaged', (path: string) => writeFileSync(`${path}.partial.safetensors`, 'x'), 'this'],
  ['a mark of nonsense', (path: string) => appendFileSync(`${path}.partial.safetensors`, 'x'), 'this'],
] as const)('%s: everything is made again', async (_, damage, key) => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  damage(target);
  await using again = await WaitingRows.resume(target, key);
  expect(again.mark).toBeUndefined();
  expect(again.numbers).toBe(0);
  await again.append(rows(0, 2));
  expect(await contents(again)).toEqual([0, 1]);
  expect(readFileSync(`${target}.partial`)).toHaveLength(8);
});
