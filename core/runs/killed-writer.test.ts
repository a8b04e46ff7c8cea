/** A process that writes checkpoints and log lines as fast as it can is killed at random moments: every file is whole. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { parseSpecification } from '../specification/specification.ts';
import { readLog } from '../storage/run-log.ts';
import { RunFolder, type RunRecord, readRunRecord } from './run-folder.ts';

const KILLS = 12;

const writer = (path: string) => `
import { RunFolder, readRunRecord } from ${JSON.stringify(new URL('./run-folder.ts', import.meta.url).href)};
const path = ${JSON.stringify(path)};
const record = await readRunRecord(path);
const run = await RunFolder.open(path);
let step = Number((await run.readCheckpoint())?.metadata.get('step') ?? 0);
console.log('writing');
while (true) {
  step += 1;
  await run.log.append({ step, note: 'x'.repeat(500) });
  const data = new Float32Array(2000 + (step % 7) * 5000).fill(step);
  const content = { tensors: new Map([['w', { shape: [data.length], data }]]), metadata: new Map([['step', String(step)]]) };
  await run.writeCheckpoint(content);
  await run.writeModel(content);
  await run.writeRecord({ ...record, seconds: { train: step } });
  await run.writeMetrics({ step });
}`;

test(`after each of ${KILLS} kills every file is whole and no finished step is lost`, { tags: ['full'] }, async () => {
  const parent = mkdtempSync(join(tmpdir(), 'ergodic-kill-'));
  const path = join(parent, 'run');
  const record: RunRecord = {
    format: 'ergodic-run-1',
    specification: parseSpecification('{}', 'spec.yaml'),
    command: 'run',
    finished: false,
    created: '2030-01-01T00:00:00.000Z',
    versions: {},
    seconds: { train: 0 },
  };
  try {
    await (await RunFolder.create(path, record))[Symbol.asyncDispose]();
    let reached = 0;
    for (let round = 0; round < KILLS; round++) {
      const child = spawn(process.execPath, ['--input-type=module', '--eval', writer(path)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exit = once(child, 'exit');
      await once(child.stdout, 'data');
      await sleep(Math.random() * 120);
      child.kill('SIGKILL');
      await exit;

      const recorded = (await readRunRecord(path)).seconds.train!;
      await using run = await RunFolder.open(path);
      const checkpoint = await run.readCheckpoint();
      expect(checkpoint?.notice).toBeUndefined();
      const step = Number(checkpoint?.metadata.get('step') ?? 0);
      const data = checkpoint?.tensors.get('w')?.data ?? [];
      expect(data.every((value) => value === step)).toBe(true);
      expect(step).toBeGreaterThanOrEqual(recorded);
      expect(step).toBeGreaterThanOrEqual(reached);
      reached = step;
      const { records, damagedLines } = await readLog(join(path, 'log.jsonl'));
      expect(damagedLines).toBe(0);
      expect(Number(records.at(-1)?.step ?? 0)).toBeGreaterThanOrEqual(step);
      // A first one may not have come so far.
      const metrics = join(path, 'metrics.json');
      if (existsSync(metrics)) expect(() => JSON.parse(readFileSync(metrics, 'utf8'))).not.toThrow();
    }
    expect(reached).toBeGreaterThan(0);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
});
