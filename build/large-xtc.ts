/**
 * Whether trajectories larger than memory are read out of core: writes an XTC file of some gigabytes into a folder,
 * then opens it twice in fresh processes (the second time with the index that the first one kept), seeks, strides, and
 * prints times and the peak of memory. `node build/large-xtc.ts FOLDER [GIGABYTES] [ATOMS]`; the file is removed.
 * Fails where a process takes more than 300 MB, or where a frame is not the one that was asked for.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame } from '../core/formats/trajectory.ts';
import { xtcWriter } from '../core/formats/xtc.ts';
import { openTrajectory } from '../core/storage/molecule-files.ts';
import { writeFrames } from '../core/storage/write-frames.ts';
import { uniformSource } from '../core/systems/toys/gaussian.ts';

const MOST_MEGABYTES = 300;
const SEEKS = 100;
const STRIDE = 1000;

/** A walk of atoms beside one another, nm; a few different frames take turns. */
function conformations(atoms: number): Float32Array[] {
  const random = uniformSource(1);
  return Array.from({ length: 16 }, () => {
    const at = [0, 0, 0];
    return Float32Array.from({ length: 3 * atoms }, (_, i) => {
      at[i % 3]! += 0.3 * (random() / 2 ** 32 - 0.5);
      return at[i % 3]!;
    });
  });
}

/** The step of a frame is its index in the file. */
async function* framesUpTo(atoms: number, written: () => number, bytes: number): AsyncGenerator<Frame> {
  const all = conformations(atoms);
  for (let step = 0; written() < bytes; step++) yield { positions: all[step % all.length]!, step, time: step };
}

async function write(path: string, bytes: number, atoms: number): Promise<void> {
  const writer = xtcWriter({ atoms, precision: 1000 });
  let written = 0;
  const counting = {
    ...writer,
    frame: (frame: Frame) => {
      const made = writer.frame(frame);
      written += made.length;
      return made;
    },
  };
  await writeFrames(
    path,
    counting,
    framesUpTo(atoms, () => written, bytes),
  );
}

async function read(path: string): Promise<Record<string, number>> {
  const marks = [performance.now()];
  const mark = () => marks.push(performance.now());
  await using trajectory = await openTrajectory(path);
  const { reader } = trajectory;
  mark();
  const expectFrame = async (number: number) => {
    const { step } = await reader.frame(number);
    if (step !== number) throw new Error(`Frame ${number} was asked for, and frame ${step} came.`);
  };
  const random = uniformSource(2);
  for (let seek = 0; seek < SEEKS; seek++) await expectFrame(random() % reader.frames);
  mark();
  for (let number = 0; number < reader.frames; number += STRIDE) await expectFrame(number);
  mark();
  for (let number = 0; number < Math.min(reader.frames, 100 * STRIDE); number++) await expectFrame(number);
  mark();
  const [open, seek, stride, sequence] = marks.slice(1).map((time, i) => (time - marks[i]!) / 1000);
  return {
    frames: reader.frames,
    secondsToOpen: open!,
    millisecondsPerSeek: (1000 * seek!) / SEEKS,
    secondsEveryThousandth: stride!,
    framesPerSecondInSequence: Math.min(reader.frames, 100 * STRIDE) / sequence!,
    // Kilobytes.
    megabytesAtMost: process.resourceUsage().maxRSS / 1e3,
  };
}

const [folder, gigabytes = '4', atoms = '3000'] = process.argv.slice(2);
if (folder === '--read') {
  console.log(JSON.stringify(await read(gigabytes)));
} else if (folder === undefined) {
  console.error('node build/large-xtc.ts FOLDER [GIGABYTES] [ATOMS]');
  process.exitCode = 2;
} else {
  const path = join(folder, 'large.xtc');
  try {
    const start = performance.now();
    await write(path, 1e9 * Number(gigabytes), Number(atoms));
    const seconds = (performance.now() - start) / 1000;
    const bytes = statSync(path).size;
    const megabytesAtMost = process.resourceUsage().maxRSS / 1e3;
    console.log(
      JSON.stringify({ writing: { bytes, seconds, megabytesPerSecond: bytes / 1e6 / seconds, megabytesAtMost } }),
    );
    for (const opening of ['first', 'again']) {
      const words = [fileURLToPath(import.meta.url), '--read', path];
      const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      const found = JSON.parse(stdout) as Record<string, number>;
      console.log(JSON.stringify({ [opening]: found }));
      if (found.megabytesAtMost! > MOST_MEGABYTES) process.exitCode = 1;
    }
  } finally {
    rmSync(path, { force: true });
    rmSync(join(folder, '.large.xtc.frames'), { force: true });
  }
}
