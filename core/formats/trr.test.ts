import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { ErgodicError } from '../errors.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { memorySource } from './byte-source.ts';
import type { Coordinates, Frame } from './trajectory.ts';
import { openTrr, trrWriter } from './trr.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/formats/trr/', import.meta.url);
const read = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const open = (bytes: Uint8Array) => openTrr(memorySource('a.trr', bytes));

function write(frames: readonly Frame[], double: boolean): Uint8Array {
  const writer = trrWriter({ atoms: frames[0]!.positions.length / 3, double });
  return Uint8Array.from(Buffer.concat([writer.head(), ...frames.map(writer.frame), writer.end().tail]));
}

const CELL = [3, 0, 0, 0.5, 4, 0, 0.25, 1, 5];
const vectors = (atoms: number, seed: number, double: boolean): Coordinates => {
  const normal = gaussianSource(seed);
  return double ? Float64Array.from({ length: 3 * atoms }, normal) : Float32Array.from({ length: 3 * atoms }, normal);
};

/** Frames that differ in what they hold. */
const motley = (atoms: number, double: boolean): Frame[] => [
  { positions: vectors(atoms, 1, double), time: 0.5, step: 3 },
  { positions: vectors(atoms, 2, double), velocities: vectors(atoms, 3, double), time: 1, step: 6, cell: CELL },
  { positions: vectors(atoms, 4, double), forces: vectors(atoms, 5, double), time: -2, step: -1, cell: CELL },
  {
    positions: vectors(atoms, 6, double),
    velocities: vectors(atoms, 7, double),
    forces: vectors(atoms, 8, double),
    time: 4,
    step: 2 ** 31 - 1,
  },
];

describe.each([
  ['single', false],
  ['double', true],
])('%s precision', (_, double) => {
  test.each([1, 4, 1000])('%i atoms come back as they were, whatever each frame holds', async (atoms) => {
    const reader = await open(write(motley(atoms, double), double));
    expect(reader).toMatchObject({
      atoms,
      frames: 4,
      problems: [],
      holds: { velocities: true, forces: true, cell: true },
    });
    for (const [index, frame] of motley(atoms, double).entries()) expect(await reader.frame(index)).toEqual(frame);
  });

  test('holds what any of its frames holds', async () => {
    const [bare, moving] = motley(4, double);
    expect((await open(write([bare!, bare!], double))).holds).toEqual({
      velocities: false,
      forces: false,
      cell: false,
    });
    expect((await open(write([bare!, moving!], double))).holds).toEqual({
      velocities: true,
      forces: false,
      cell: true,
    });
  });

  test('cut off anywhere it gives its whole frames and says where it ends', async () => {
    const whole = write(motley(2, double), double);
    const index = (await open(whole)).index!;
    const outcomes = await cutEverywhere('a.trr', whole, openTrr);
    for (const [length, { error, frames, problems }] of outcomes.entries()) {
      const complete = index.findLastIndex((start) => start <= length);
      expect(frames).toHaveLength(complete);
      if (complete === 0)
        expect(error!.message).toMatch(length === 0 ? /is empty/ : /ends inside its first frame \(byte/);
      else if (length === index[complete]) expect(problems).toEqual([]);
      else expect(problems.map(({ byte }) => byte)).toEqual([length]);
    }
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    const whole = write(motley(2, double), double);
    expect(await flipBytes('a.trr', whole, openTrr, { copies: 4000 })).toBeGreaterThan(500);
    expect(await flipBytes('a.trr', whole, openTrr, { copies: 4000, head: 100 })).toBeGreaterThan(50);
  });
});

test('a frame without time and step gets its index in the file', async () => {
  const [{ positions }] = motley(4, false) as [Frame];
  const { frames } = await readAll('a.trr', write([{ positions }, { positions }], false), openTrr);
  expect(frames.map(({ time, step }) => [time, step])).toEqual([
    [0, 0],
    [1, 1],
  ]);
});

test('what cannot be written is refused', () => {
  expect(() => trrWriter({ atoms: 0 })).toThrow(/single precision holds 1 to 178956970 atoms, not 0/);
  expect(() => trrWriter({ atoms: 1e8, double: true })).toThrow(/double precision holds 1 to 89478485 atoms/);
  const writer = trrWriter({ atoms: 4 });
  expect(() => writer.frame({ positions: new Float32Array(9) })).toThrow(/frame of 3 atoms .* file of 4/);
  expect(() => writer.frame({ positions: new Float32Array(12), forces: new Float32Array(15) })).toThrow(
    /frame of 5 atoms/,
  );
});

describe('a file whose positions are rarer than its forces, by MDAnalysis', () => {
  const bytes = read(FIXTURES, 'mdanalysis.trr');
  const expected = (factor: number, frame: number) =>
    Float32Array.from({ length: 15 }, (_, i) => factor * (0.25 * Math.floor(i / 3) + (i % 3) + 0.125 * frame));

  test('has the frames with positions, and a problem that counts the others', async () => {
    const { frames, problems } = await readAll('a.trr', bytes, openTrr);
    expect(frames).toHaveLength(2);
    for (const [at, frame] of [0, 2].entries()) {
      expect(frames[at]).toMatchObject({
        positions: expected(1, frame),
        velocities: expected(2, frame),
        forces: expected(3, frame),
        time: 0.25 * frame,
        step: 10 * frame,
      });
      expect(frames[at]!.cell!.map((value) => Number(value.toFixed(5)))).toEqual([
        1.5, 0, 0, 0.1, 1.5, 0, 0.2, 0.3, 1.5,
      ]);
    }
    const message = 'Frames of `a.trr` that have no positions are left out: 2, the first at byte 300.';
    expect(problems).toEqual([{ message, byte: 300 }]);
  });

  test('says the same with the index of an earlier opening', async () => {
    const first = await open(bytes);
    const again = await openTrr(memorySource('a.trr', bytes), { index: first.index! });
    expect({ ...again, frame: undefined }).toEqual({ ...first, frame: undefined });
  });

  test('without any positions there is nothing to read', async () => {
    const second = bytes.subarray(300, 540);
    await expect(open(second)).rejects.toThrow('`a.trr` has frames (1), but none with positions: choose another one.');
  });
});

test('the index of an earlier opening is believed where all frames are alike', async () => {
  const frame = { positions: vectors(4, 1, false), forces: vectors(4, 2, false) };
  const bytes = write(new Array(50).fill(frame), false);
  const first = await open(bytes);
  const again = await openTrr(memorySource('a.trr', bytes), { index: first.index! });
  expect(again.index).toBe(first.index);
  expect(again.holds).toEqual({ velocities: false, forces: true, cell: false });
  expect(await again.frame(49)).toEqual(await first.frame(49));
});

describe('a damaged header', () => {
  const bytes = write(motley(4, false), false);
  const damaged = async (at: number, value: number) => {
    const copy = bytes.slice();
    const start = (await open(bytes)).index![2]!;
    new DataView(copy.buffer).setInt32(start + at, value);
    return { start, ...(await readAll('a.trr', copy, openTrr)) };
  };
  test.each([
    ['magic number', 0, 7, /byte \d+, where a frame should begin: its magic number is 7; what follows is left out/],
    ['version', 8, 2 ** 30, /its version has 1073741824 letters/],
    ['size of positions', 52, 44, /its block 7 takes 44 bytes, which is not that of 4 atoms/],
    ['size of the cell', 32, -36, /its numbers take -4 bytes/],
    ['block nobody knows', 24, 4, /its numbers take Infinity bytes/],
    ['number of atoms', 64, 2 ** 31 - 1, /its block 7 takes 48 bytes, which is not that of 2147483647 atoms/],
    ['number of atoms', 64, 0, /it has 0 atoms/],
  ])('%s ends the trajectory there', async (_, at, value, message) => {
    const { start, frames, problems, error } = await damaged(at, value);
    expect(error).toBeUndefined();
    expect(frames).toHaveLength(2);
    expect(problems).toEqual([{ message: expect.stringMatching(message), byte: start }]);
  });

  test('a file that changes after it was opened is noticed', async () => {
    const copy = bytes.slice();
    const reader = await open(copy);
    copy[reader.index![1]! + 3] = 0;
    await expect(reader.frame(1)).rejects.toThrow(
      /Frame 1 of `a.trr` \(byte \d+\) cannot be read: the file has changed/,
    );
    await expect(reader.frame(1)).rejects.toThrow(ErgodicError);
    await expect(reader.frame(4)).rejects.toThrow('`a.trr` has 4 frames; there is no frame 4.');
  });
});

describe.skipIf(!existsSync(SHARED))('files of other programs (skipped without ../shared/data)', () => {
  test.each([
    ['ubiquitin.trr', false],
    ['ubiquitin_d.trr', true],
    ['water.trr', false],
  ])('%s is written again byte by byte', async (name, double) => {
    const bytes = read(SHARED, name);
    const { frames, problems } = await readAll(name, bytes, openTrr);
    expect(problems).toEqual([]);
    expect(Buffer.from(write(frames, double)).equals(bytes)).toBe(true);
  });

  test('positions, velocities, forces and cells are those of chemfiles', async () => {
    const [shapes, ubiquitin] = [
      await open(read(SHARED, 'cell_shapes_d.trr')),
      await open(read(SHARED, 'ubiquitin.trr')),
    ];
    const shape = Object.values(shapeOfCell((await shapes.frame(1)).cell!)).flat() as number[];
    expect(shape.map((value) => Number(value.toFixed(4)))).toEqual([1.123, 2.234, 3.345, 33.45, 44.56, 55.67]);
    const { positions, velocities, forces, time, step } = await ubiquitin.frame(1);
    const first = [positions, velocities!, forces!].map((block) => [...block.subarray(0, 3)]);
    expect(first.map((vector) => vector.map((value) => Number(value.toPrecision(6))))).toEqual([
      [2.48625, 2.50285, 1.85973],
      [-0.601156, -0.0916693, -0.371939],
      [1103.1, -712.642, -293.177],
    ]);
    expect([time, step]).toEqual([50, 25_000]);
  });
});

const PEERS = `
import hashlib, json, os, numpy
from mdtraj.formats import TRRTrajectoryFile
from MDAnalysis.coordinates.TRR import TRRReader
folder = sys.argv[1]
digest = lambda x: hashlib.sha256(numpy.ascontiguousarray(x, '<f4').tobytes()).hexdigest()
answer = {}
for name in sorted(os.listdir(folder)):
    path = os.path.join(folder, name)
    with TRRTrajectoryFile(path) as file:
        x, time, step, box, _ = file.read()
    frames = [(ts.positions.copy(), ts.velocities.copy() if ts.has_velocities else [], ts.forces.copy() if ts.has_forces else [], ts.time, ts.data['step'], ts.triclinic_dimensions) for ts in TRRReader(path, convert_units=False)]
    join = lambda i: digest(numpy.concatenate([numpy.ravel(f[i]) for f in frames]))
    answer[name] = {
        'mdtraj': [digest(x), digest(time), step.tolist(), digest(box)],
        'mdanalysis': [join(0), join(1), join(2), digest([f[3] for f in frames]), [int(f[4]) for f in frames]],
    }
print(json.dumps(answer))
`;

describe('mdtraj and MDAnalysis (skipped where Python lacks them)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-trr-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const files: Record<string, Frame[]> = { 'single.trr': motley(25, false), 'double.trr': motley(25, true) };
  for (const [name, frames] of Object.entries(files)) {
    writeFileSync(join(folder, name), write(frames, name.startsWith('double')));
  }
  const answers = askPython(['mdtraj', 'MDAnalysis', 'numpy'], PEERS, folder) as
    | Record<string, { mdtraj: unknown; mdanalysis: unknown }>
    | undefined;

  const digest = (arrays: (Coordinates | readonly number[] | undefined)[]): string => {
    const hash = createHash('sha256');
    for (const array of arrays) hash.update(new Uint8Array(Float32Array.from(array ?? []).buffer));
    return hash.digest('hex');
  };

  test.skipIf(!answers).each(Object.entries(files))('%s: they read what we have written', (name, frames) => {
    const [positions, times, cells] = [
      digest(frames.map((frame) => frame.positions)),
      digest(frames.map((frame) => [frame.time!])),
      digest(frames.map(({ cell }) => cell ?? new Array(9).fill(0))),
    ];
    const steps = frames.map(({ step }) => step);
    expect(answers![name]!.mdtraj).toEqual([positions, times, steps, cells]);
    const [velocities, forces] = [
      digest(frames.map((frame) => frame.velocities)),
      digest(frames.map((frame) => frame.forces)),
    ];
    expect(answers![name]!.mdanalysis).toEqual([positions, velocities, forces, times, steps]);
  });
});
