import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { trrWriter } from '../formats/trr.ts';
import { xtcWriter } from '../formats/xtc.ts';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { FileSource } from './file-source.ts';
import { readFrameIndex, writeFrameIndex } from './frame-index.ts';
import { openMolecule, openTrajectory } from './molecule-files.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** Every file is long enough. */
const ALL = 0;
const FRAMES = 5000;
const bytes = trajectory(FRAMES);
const path = folder.in('long.xtc');
const kept = folder.in('.long.xtc.frames');
const index = Float64Array.of(0, 100, 250, bytes.length);

function trajectory(frames: number): Buffer {
  const writer = xtcWriter({ atoms: 12, precision: 1000 });
  const positions = (frame: number) => Float32Array.from({ length: 36 }, (_, i) => Math.sin(i * frame));
  return Buffer.concat(Array.from({ length: frames }, (_, frame) => writer.frame({ positions: positions(frame) })));
}

beforeEach(() => {
  writeFileSync(path, bytes);
  utimesSync(path, 1e9, 1e9);
});

async function write(): Promise<void> {
  await using source = await FileSource.open(path);
  await writeFrameIndex(source, index, ALL);
}

async function read(limit = ALL): Promise<Float64Array | undefined> {
  await using source = await FileSource.open(path);
  return await readFrameIndex(source, limit);
}

test('is kept beside the file and read again', async () => {
  await write();
  expect(readdirSync(folder.path).toSorted()).toEqual(['.long.xtc.frames', 'long.xtc']);
  expect(await read()).toEqual(index);
});

test('is not for short files', async () => {
  await write();
  expect(await read(bytes.length + 1)).toBeUndefined();
  await using source = await FileSource.open(path);
  const other = folder.in('short.xtc');
  copyFileSync(path, other);
  await using short = await FileSource.open(other);
  await writeFrameIndex(short, index, source.size + 1);
  expect(existsSync(folder.in('.short.xtc.frames'))).toBe(false);
});

test.each<[string, () => void]>([
  [
    'has another size',
    () => {
      appendFileSync(path, 'x');
      utimesSync(path, 1e9, 1e9);
    },
  ],
  ['was changed at another time', () => utimesSync(path, 1e9, 1e9 + 1)],
  [
    'has other bytes of the same number and time',
    () => {
      writeFileSync(
        path,
        bytes.map((byte, i) => (i > bytes.length - 4 ? byte ^ 1 : byte)),
      );
      utimesSync(path, 1e9, 1e9);
    },
  ],
])('is refused where the file %s', async (_, change) => {
  await write();
  change();
  expect(await read()).toBeUndefined();
});

test('is refused with any byte of it changed, cut off anywhere, or longer', async () => {
  await write();
  const whole = readFileSync(kept);
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole);
    damaged[at]! ^= 1 << (at % 8);
    writeFileSync(kept, damaged);
    expect(await read(), `byte ${at}`).toBeUndefined();
    writeFileSync(kept, whole.subarray(0, at));
    expect(await read(), `length ${at}`).toBeUndefined();
  }
  for (const more of [1, 8, 2 * bytes.length]) {
    writeFileSync(kept, Buffer.concat([whole, Buffer.alloc(more)]));
    expect(await read()).toBeUndefined();
  }
});

test('opening a trajectory keeps it, opening it again uses it, and damage costs a scan only', async () => {
  const frame = async () => {
    await using file = await openMolecule(path, undefined, ALL);
    const { frames, index: ofReader } = file.trajectory!;
    expect(frames).toBe(FRAMES);
    expect(ofReader).toHaveLength(FRAMES + 1);
    return await file.trajectory!.frame(FRAMES - 1);
  };
  writeFileSync(kept, 'something else');
  const first = await frame();
  const { ino, mtimeMs, size } = statSync(kept);
  expect(size).toBeGreaterThan(8 * FRAMES);
  expect(await frame()).toEqual(first);
  // It was not written a second time.
  expect(statSync(kept)).toMatchObject({ ino, mtimeMs, size });

  const damaged = readFileSync(kept);
  damaged[damaged.length - 100]! ^= 1;
  writeFileSync(kept, damaged);
  expect(await frame()).toEqual(first);
  expect(readFileSync(kept)).not.toEqual(damaged);

  const shorter = trajectory(10);
  writeFileSync(path, shorter);
  await using file = await openMolecule(path, undefined, ALL);
  expect(file.trajectory!.frames).toBe(10);
});

test('frames that an index cannot describe are scanned each time, with the same result', async () => {
  const trr = folder.in('mixed.trr');
  const writer = trrWriter({ atoms: 3 });
  const vectors = Float32Array.from({ length: 9 }, (_, i) => i);
  const pieces = [0, 1, 2, 3].map((i) => writer.frame({ positions: vectors, ...(i % 2 && { velocities: vectors }) }));
  writeFileSync(trr, Buffer.concat(pieces));
  for (let opening = 0; opening < 3; opening++) {
    await using file = await openMolecule(trr, undefined, ALL);
    expect(file.trajectory!.holds.velocities).toBe(true);
    expect(file.trajectory!.frames).toBe(4);
    expect((await file.trajectory!.frame(3)).velocities).toEqual(vectors);
  }
});

test('where there is no room for it the file opens all the same', async () => {
  const inTheWay = folder.in('blocked.xtc');
  writeFileSync(inTheWay, bytes);
  mkdirSync(folder.in('.blocked.xtc.frames'));
  await using file = await openMolecule(inTheWay, undefined, ALL);
  expect(file.trajectory!.frames).toBe(FRAMES);
  expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('in a read-only folder there is none, and nothing is said', async (context) => {
  using mountPoint = temporaryFolder();
  const system = (...words: string[]) => spawnSync(words[0]!, words.slice(1), { stdio: 'ignore' }).status === 0;
  const mounted = system('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', mountPoint.path);
  context.skip(!mounted, 'mounting a small disk is not allowed here');
  try {
    const there = mountPoint.in('a.xtc');
    writeFileSync(there, bytes);
    expect(system('mount', '-o', 'remount,ro', mountPoint.path)).toBe(true);
    await using file = await openMolecule(there, undefined, ALL);
    expect(file.trajectory!.frames).toBe(FRAMES);
    expect(file.problems).toEqual([]);
    expect(readdirSync(mountPoint.path)).toEqual(['a.xtc']);
    await file[Symbol.asyncDispose]();
  } finally {
    system('umount', mountPoint.path);
  }
});

test('a short trajectory leaves nothing beside it', async () => {
  const short = folder.in('few.xtc');
  writeFileSync(short, bytes);
  await using trajectory = await openTrajectory(short);
  expect(trajectory.reader.frames).toBe(FRAMES);
  expect(existsSync(folder.in('.few.xtc.frames'))).toBe(false);
});
