/** Full and read-only disks, for real: small tmpfs mounts. Skipped where mounting is not allowed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, type TestContext, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { parseSpecification } from '../specification/specification.ts';
import { writeAtomically } from '../storage/atomic-write.ts';
import { fileError } from '../storage/file-errors.ts';
import { readLog } from '../storage/run-log.ts';
import { readTensorFile } from '../storage/tensor-file.ts';
import { RunFolder, type RunRecord } from './run-folder.ts';

let disk: string;
const system = (program: string, ...words: string[]) => spawnSync(program, words, { stdio: 'ignore' }).status === 0;
let mounted: boolean;
beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'ergodic-disk-'));
  mounted = system('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk);
});
afterEach(() => {
  if (mounted) system('umount', disk);
  rmSync(disk, { recursive: true, force: true });
});
const needMount = (context: TestContext) => context.skip(!mounted, 'mounting a small disk is not allowed here');

const record: RunRecord = {
  format: 'ergodic-run-1',
  specification: parseSpecification('{}', 'spec.yaml'),
  command: 'run',
  finished: false,
  created: '2030-01-01T00:00:00.000Z',
  versions: {},
  seconds: {},
};
const checkpoint = (step: number, length: number) => ({
  tensors: new Map([['w', { shape: [length], data: new Float32Array(length) }]]),
  metadata: new Map([['step', String(step)]]),
});
const fillUp = () => {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), new Uint8Array(bavail * bsize));
};

test('a full disk is one sentence, loses nothing, and the run goes on once there is space', async (context) => {
  needMount(context);
  const path = join(disk, 'run');
  await using run = await RunFolder.create(path, record);
  await run.writeCheckpoint(checkpoint(1, 2000));
  await run.writeCheckpoint(checkpoint(2, 2000));
  await run.log.append({ step: 2 });
  fillUp();
  const before = readdirSync(path).toSorted();
  const failure = run.writeCheckpoint(checkpoint(3, 2000));
  await expect(failure).rejects.toThrow(ErgodicError);
  await expect(failure).rejects.toThrow(`The disk that holds \`${join(path, 'checkpoint.safetensors')}\` is full`);
  await expect(run.log.append({ note: 'x'.repeat(9000) })).rejects.toThrow('is full');
  expect(readdirSync(path).toSorted()).toEqual(before);
  expect((await run.readCheckpoint())?.metadata.get('step')).toBe('2');

  rmSync(join(disk, 'ballast'));
  await run.writeCheckpoint(checkpoint(4, 2000));
  await run.log.append({ step: 4 });
  expect((await run.readCheckpoint())?.metadata.get('step')).toBe('4');
  expect(await readLog(join(path, 'log.jsonl'))).toEqual({ records: [{ step: 2 }, { step: 4 }], damagedLines: 0 });
});

test('a disk too full to begin on is one sentence', async (context) => {
  needMount(context);
  fillUp();
  await expect(RunFolder.create(join(disk, 'run'), record)).rejects.toThrow(/^The disk that holds `.*` is full/);
});

test('a read-only disk is one sentence and can still be read', async (context) => {
  needMount(context);
  const path = join(disk, 'run');
  {
    await using run = await RunFolder.create(path, record);
    await run.writeCheckpoint(checkpoint(1, 10));
  }
  expect(system('mount', '-o', 'remount,ro', disk)).toBe(true);
  await expect(RunFolder.open(path)).rejects.toThrow('lies on a read-only disk: choose a folder on another one.');
  await expect(RunFolder.create(join(disk, 'other'), record)).rejects.toThrow('lies on a read-only disk');
  await expect(writeAtomically(join(path, 'metrics.json'), '{}')).rejects.toThrow(ErgodicError);
  expect((await readTensorFile(join(path, 'checkpoint.safetensors')))?.metadata.get('step')).toBe('1');
});

test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'ENOENT', 'ENOTDIR', 'EIO', 'EFBIG', 'EOTHER'])(
  '%s becomes a sentence with the path',
  (code) => {
    const error = fileError(Object.assign(new Error('raw words'), { code }), '/some/file');
    expect(error).toBeInstanceOf(ErgodicError);
    expect(error.message).toMatch(/^[^\n]*`\/some\/file`[^\n]*\.$/);
    expect(error.message).not.toContain('raw words');
  },
);

test('a folder that has gone while something is written into it is one sentence about the folder', async () => {
  await expect(writeAtomically(join(disk, 'unplugged', 'model.safetensors'), '')).rejects.toThrow(
    new ErgodicError(
      `The folder \`${join(disk, 'unplugged')}\` is not there: put it back, connect its disk, or check the spelling.`,
    ),
  );
});

test('a defect of the program is not dressed up as a file problem', () => {
  const defect = new TypeError('x is not a function');
  expect(fileError(defect, '/some/file')).toBe(defect);
});
