import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RunLog, readLog } from './run-log.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ergodic-log-'));
  path = join(folder, 'log.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function append(...records: Record<string, unknown>[]) {
  const log = await RunLog.open(path);
  await Promise.all(records.map((record) => log.append(record)));
  await log.sync();
  await log.close();
}

test('records come back in the order they were appended, over several openings', async () => {
  await append({ step: 1 }, { step: 2 }, { step: 3, note: 'two\nlines' });
  await append({ step: 4 });
  const { records, damagedLines } = await readLog(path);
  expect(records).toEqual([{ step: 1 }, { step: 2 }, { step: 3, note: 'two\nlines' }, { step: 4 }]);
  expect(damagedLines).toBe(0);
});

test('a log cut off at any byte loses only the line that was cut, and goes on cleanly', async () => {
  await append({ step: 1 }, { step: 2 });
  const whole = readFileSync(path);
  const firstLine = whole.indexOf('\n') + 1;
  for (let length = firstLine; length <= whole.length; length++) {
    writeFileSync(path, whole.subarray(0, length));
    const before = (await readLog(path)).records.length;
    expect(before).toBeGreaterThanOrEqual(1);
    await append({ step: 'next' });
    const { records, damagedLines } = await readLog(path);
    expect(damagedLines).toBe(0);
    expect(records).toEqual([{ step: 1 }, ...(length === whole.length ? [{ step: 2 }] : []), { step: 'next' }]);
  }
});

test('damaged lines in the middle are skipped and counted; no log is an empty log', async () => {
  expect(await readLog(path)).toEqual({ records: [], damagedLines: 0 });
  await append({ step: 1 });
  appendFileSync(path, '\0\0\0\n[1]\n"text"\n');
  await append({ step: 2 });
  expect(await readLog(path)).toEqual({ records: [{ step: 1 }, { step: 2 }], damagedLines: 3 });
});
