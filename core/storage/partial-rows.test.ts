import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { PartialRows } from './partial-rows.ts';

const rows = (from: number, count: number) => Float32Array.from({ length: count }, (_, i) => from + i);

async function contents(waiting: PartialRows): Promise<number[]> {
  const all = new Float32Array(waiting.numbers);
  await waiting.read(0, all);
  return [...all];
}

/** Ten numbers and a checkpoint, then three more that are lost. */
async function interrupted(target: string, key = 'this') {
  await using waiting = await PartialRows.resume(target, key, 0);
  await waiting.append(rows(0, 10));
  await waiting.keep({ step: 7, state: { x: rows(100, 3) } });
  await waiting.append(rows(50, 3));
}

test('rows before the checkpoint are there again, with its state; what came later is cut off', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  await using again = await PartialRows.resume(target, 'this');
  expect(again.checkpoint?.step).toBe(7);
  expect([...again.checkpoint!.state.x!]).toEqual([100, 101, 102]);
  await again.append(rows(10, 2));
  expect(await contents(again)).toEqual([...rows(0, 12)]);
});

test('what is finished leaves nothing behind', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  {
    await using again = await PartialRows.resume(target, 'this');
    again.finish();
  }
  expect(readdirSync(folder.path)).toEqual([]);
});

test.each([
  ['rows of something else', (_path: string): void => undefined, 'that'],
  ['rows that are cut off before the checkpoint', (path: string) => truncateSync(`${path}.partial`, 39), 'this'],
  ['a checkpoint that is damaged', (path: string) => writeFileSync(`${path}.partial.safetensors`, 'x'), 'this'],
  ['a checkpoint of nonsense', (path: string) => appendFileSync(`${path}.partial.safetensors`, 'x'), 'this'],
] as const)('%s: everything is made again', async (_, damage, key) => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  damage(target);
  await using again = await PartialRows.resume(target, key);
  expect(again.checkpoint).toBeUndefined();
  expect(again.numbers).toBe(0);
  await again.append(rows(0, 2));
  expect(await contents(again)).toEqual([0, 1]);
  expect(readFileSync(`${target}.partial`)).toHaveLength(8);
});

test('what was interrupted before its first checkpoint leaves nothing behind', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  {
    await using waiting = await PartialRows.resume(target, 'this');
    await waiting.append(rows(0, 10));
    // Too early to be worth it.
    await waiting.keep({ step: 7, state: {} });
  }
  expect(readdirSync(folder.path)).toEqual([]);
});

test('an interrupted second session goes on from its last checkpoint, or from that of the first', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  {
    await using second = await PartialRows.resume(target, 'this', 0);
    await second.append(rows(10, 5));
  }
  {
    await using third = await PartialRows.resume(target, 'this', 0);
    expect(third.checkpoint?.step).toBe(7);
    expect(third.numbers).toBe(10);
    await third.append(rows(10, 2));
    await third.keep({ step: 8, state: {} });
  }
  await using fourth = await PartialRows.resume(target, 'this', 0);
  expect(fourth.checkpoint).toEqual({ step: 8, state: {} });
  expect(await contents(fourth)).toEqual([...rows(0, 12)]);
});

test('seconds are those of all sessions up to their checkpoints', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  let first: number;
  {
    await using waiting = await PartialRows.resume(target, 'this', 0);
    await sleep(30);
    await waiting.keep({ step: 1, state: {} });
    first = waiting.seconds;
    expect(first).toBeGreaterThan(0.025);
  }
  await using again = await PartialRows.resume(target, 'this', 0);
  expect(again.seconds).toBeGreaterThan(0.025);
  expect(again.seconds).toBeLessThan(first + 1);
  await sleep(30);
  expect(again.seconds).toBeGreaterThan(0.05);
});

test('what an interrupted maker left can be removed by name', async () => {
  using folder = temporaryFolder();
  const target = folder.in('a.npy');
  await interrupted(target);
  await interrupted(target);
  expect(readdirSync(folder.path).length).toBeGreaterThan(1);
  await PartialRows.forget(target);
  expect(readdirSync(folder.path)).toEqual([]);
});
