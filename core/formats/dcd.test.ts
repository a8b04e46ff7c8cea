import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { memorySource } from './byte-source.ts';
import { cellOfRecord } from './dcd/cell.ts';
import { openDcd } from './dcd.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/formats/dcd/', import.meta.url);
const read = (folder: URL, name: string) => readFileSync(new URL(name, folder));
const openFile = (folder: URL, name: string) => openDcd(memorySource(name, read(folder, name)));

interface Variant {
  littleEndian?: boolean;
  markerBytes?: 4 | 8;
  version?: number;
  declared?: number;
  firstStep?: number;
  nsavc?: number;
  /** AKMA. */
  delta?: number;
  cell?: readonly number[] | undefined;
  cellFlag?: number;
  fixed?: readonly number[];
  fourD?: boolean;
  charges?: boolean;
  title?: number;
  /** Frames of [x, y, z] per atom, Å. */
  frames?: readonly (readonly (readonly number[])[])[];
}

const FRAMES = [
  [
    [1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ],
  [
    [1, 2, 3],
    [4.5, 5.5, 6.5],
    [7, 8, 9.5],
  ],
  [
    [1, 2, 3],
    [5, 6, 7],
    [8, 8, 10],
  ],
];

/** A DCD file written out by hand. */
function dcd(variant: Variant = {}): Uint8Array {
  const { littleEndian = true, markerBytes = 4, version = 24, firstStep = 10, nsavc = 5, fixed = [] } = variant;
  const { frames = FRAMES, title = 1, cell, fourD = false, charges = false, delta = 0.040909659 } = variant;
  const parts: number[] = [];
  const number = (bytes: number, write: (view: DataView) => void): number[] => {
    const view = new DataView(new ArrayBuffer(bytes));
    write(view);
    return [...new Uint8Array(view.buffer)];
  };
  const int = (value: number) => number(4, (view) => view.setInt32(0, value, littleEndian));
  const float = (value: number) => number(4, (view) => view.setFloat32(0, value, littleEndian));
  const double = (value: number) => number(8, (view) => view.setFloat64(0, value, littleEndian));
  const record = (content: number[]) => {
    const marker =
      markerBytes === 4
        ? int(content.length)
        : number(8, (view) => view.setBigInt64(0, BigInt(content.length), littleEndian));
    parts.push(...marker, ...content, ...marker);
  };
  const atoms = frames[0]!.length;
  const counts = [variant.declared ?? frames.length, firstStep, nsavc, 99, 0, 0, 0, 0, fixed.length].flatMap(int);
  const clock = version === 0 ? double(delta) : [...float(delta), ...int(variant.cellFlag ?? Number(!!cell))];
  const rest = [Number(fourD), Number(charges), 0, 0, 0, 0, 0, 0, version].flatMap(int);
  record([...'CORD'].map((letter) => letter.charCodeAt(0)).concat(counts, clock, rest));
  record([...int(title), ...new Array(80 * title).fill(0x2a)]);
  record(int(atoms));
  const free = Array.from({ length: atoms }, (_, i) => i).filter((i) => !fixed.includes(i));
  if (fixed.length > 0) record(free.flatMap((i) => int(i + 1)));
  frames.forEach((frame, index) => {
    if (cell) record(cell.flatMap(double));
    const present = index === 0 ? frame : frame.filter((_, i) => !fixed.includes(i));
    for (const axis of [0, 1, 2]) record(present.flatMap((atom) => float(atom[axis]!)));
    for (const extra of [fourD, charges]) if (extra) record(present.flatMap(() => float(99)));
  });
  return Uint8Array.from(parts);
}

const CUBE = [20, 0, 30, 0, 0, 40];
const variants: Record<string, Variant> = {
  'CHARMM with a cell': { cell: CUBE },
  'big-endian': { cell: CUBE, littleEndian: false },
  '64-bit markers': { cell: CUBE, markerBytes: 8 },
  'big-endian 64-bit markers': { cell: CUBE, markerBytes: 8, littleEndian: false },
  'fixed atoms': { fixed: [0] },
  'all atoms fixed': { fixed: [0, 1, 2], frames: [FRAMES[0]!, FRAMES[0]!] },
  'fixed atoms, a cell and four dimensions': { fixed: [0], cell: CUBE, fourD: true },
  'four dimensions and charges': { fourD: true, charges: true },
  'X-PLOR': { version: 0 },
  'no title': { title: 0 },
  'a header that counts no frames': { declared: 0 },
  'a cell without the flag': { cell: CUBE, cellFlag: 0 },
  'the flag without a cell': { cellFlag: 1 },
};

describe.each(Object.entries(variants))('%s', (name, variant) => {
  const bytes = dcd(variant);

  test('frames, cell, steps and times are those that were written', async () => {
    const { frames, problems } = await readAll(name, bytes, openDcd);
    const expected = variant.frames ?? FRAMES;
    expect(problems).toEqual([]);
    expect(frames.map(({ positions }) => positions)).toEqual(
      expected.map((frame) => Float32Array.from(frame.flat(), (x) => x / 10)),
    );
    expect(frames.map(({ step }) => step)).toEqual([10, 15, 20].slice(0, frames.length));
    // 0.0409… AKMA is the single precision of 2 fs.
    expect(frames.map(({ time }) => time)).toEqual([0.02, 0.03, 0.04].slice(0, frames.length));
    for (const { cell } of frames) expect(cell).toEqual(variant.cell ? [2, 0, 0, 0, 3, 0, 0, 0, 4] : undefined);
  });

  test('cut off anywhere it gives its whole frames and says where it ends', async () => {
    const outcomes = await cutEverywhere(name, bytes, openDcd);
    for (const [length, { error, problems, frames }] of outcomes.entries()) {
      if (error) expect(error.message).toMatch(/byte \d+/);
      else if (problems.length > 0) expect(problems).toHaveLength(1);
      if (problems[0]) expect(problems[0].byte).toBe(length);
      else if (!error) expect(variant.declared ?? frames.length).toBeLessThanOrEqual(frames.length);
    }
    expect(outcomes.at(-1)!.frames.length).toBe((variant.frames ?? FRAMES).length - 1);
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    const readable = await flipBytes(name, bytes, openDcd, { copies: 1500 });
    expect(readable).toBeGreaterThan(0);
  });
});

test('a header that counts more frames than there are is a problem, one that counts fewer is not', async () => {
  const many = await openDcd(memorySource('a.dcd', dcd({ declared: 7 })));
  expect(many.frames).toBe(3);
  expect(many.problems.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^`a\.dcd` should have 7 frames and ends after 3 \(byte \d+\)\.$/),
  ]);
  expect((await openDcd(memorySource('a.dcd', dcd({ declared: 1 })))).problems).toEqual([]);
});

test('the time step of LAMMPS is in units that nobody knows: there are steps and no times', async () => {
  const bytes = dcd();
  bytes.set(new TextEncoder().encode('Written by LAMMPS'), 92 + 4 + 4);
  const { frames } = await readAll('a.dcd', bytes, openDcd);
  expect(frames.map(({ step, time }) => [step, time])).toEqual([10, 15, 20].map((step) => [step, undefined]));
});

test('a frame that does not exist is refused', async () => {
  const reader = await openDcd(memorySource('a.dcd', dcd()));
  for (const index of [-1, 3, 0.5, Number.NaN]) await expect(reader.frame(index)).rejects.toThrow(/there is no frame/);
});

test('a damaged frame is refused with its byte, the others are read', async () => {
  const bytes = dcd();
  const second = bytes.length - 2 * 3 * 20;
  bytes[second + 16] = 99;
  const reader = await openDcd(memorySource('a.dcd', bytes));
  await expect(reader.frame(1)).rejects.toThrow(
    `Frame 1 of \`a.dcd\` is damaged: there should be a record of 12 bytes, and there is one of 99 (byte ${second + 16}).`,
  );
  expect((await reader.frame(2)).step).toBe(20);
});

test('absurd counts take no memory', async () => {
  const huge = (offset: number, value: number) => {
    const bytes = dcd({ fixed: [0] });
    new DataView(bytes.buffer).setInt32(offset, value, true);
    return openDcd(memorySource('a.dcd', bytes));
  };
  const atomCount = 92 + 92 + 4;
  await expect(huge(atomCount, 2 ** 31 - 1)).rejects.toThrow(/ends inside the header/);
  await expect(huge(atomCount, -1)).rejects.toThrow(/it says it has -1 atoms/);
  await expect(huge(40, 2 ** 31 - 1)).rejects.toThrow(/2147483647 of its 3 atoms are fixed/);
  await expect(huge(92, 2 ** 31 - 1)).rejects.toThrow(/ends inside the header/);
  await expect(huge(atomCount + 12, 9)).rejects.toThrow(/lists atom 9 of 3 as free/);
});

test.each([
  ['text', new TextEncoder().encode('ATOM      1  N   ALA'), /not a DCD file: it does not begin with 84 and CORD/],
  ['nothing', new Uint8Array(), /not a DCD file/],
  [
    'velocities',
    Uint8Array.from(dcd()).fill(0x56, 4, 5).fill(0x45, 5, 6).fill(0x4c, 6, 7).fill(0x44, 7, 8),
    /velocities/,
  ],
])('%s is refused', async (_, bytes, message) => {
  await expect(openDcd(memorySource('a.dcd', bytes))).rejects.toThrow(message);
});

describe('the six numbers of a cell', () => {
  const shape = (numbers: number[], version: number) => {
    const cell = cellOfRecord(numbers, version);
    return (
      cell &&
      Object.values(shapeOfCell(cell))
        .flat()
        .map((value: number) => Number(value.toFixed(6)))
    );
  };
  const triclinic = [2, 2.1, 2.2, 80, 95, 110];
  const cos = (degrees: number) => Math.cos((degrees * Math.PI) / 180);

  test('cosines, angles and a symmetric matrix are told apart', () => {
    expect(shape([20, cos(110), 21, cos(95), cos(80), 22], 24)).toEqual(triclinic);
    expect(shape([20, 110, 21, 95, 80, 22], 24)).toEqual(triclinic);
    const matrix = [20, -4, 21, -2, 3, 22];
    const expected = [20, -4, -2, -4, 21, 3, -2, 3, 22].map((value) => value / 10);
    expect(cellOfRecord(matrix, 46)).toEqual(expected);
    expect(cellOfRecord(matrix, 24)).toEqual(expected);
    // Off-diagonals that would do as cosines: only the version tells.
    expect(cellOfRecord([20, 0.5, 21, 0.25, -0.5, 22], 46)![1]).toBe(0.05);
    expect(shape([20, 0.5, 21, 0.25, -0.5, 22], 24)!.slice(3)).toEqual([120, 75.522488, 60]);
  });

  test('a rectangular cell is the same in every convention, and exactly so', () => {
    for (const version of [24, 46]) {
      expect(cellOfRecord([200, 90, 210, 90, 90, 220], version)).toEqual([20, 0, 0, 0, 21, 0, 0, 0, 22]);
      expect(cellOfRecord([200, 0, 210, 0, 0, 220], version)).toEqual([20, 0, 0, 0, 21, 0, 0, 0, 22]);
    }
  });

  test('zeros and nonsense are no cell', () => {
    for (const version of [24, 46]) {
      expect(cellOfRecord([0, 0, 0, 0, 0, 0], version)).toBeUndefined();
      expect(cellOfRecord([0, 90, 0, 90, 90, 0], version)).toBeUndefined();
      expect(cellOfRecord([20, 1e300, 21, Number.NaN, -5, 22], version)).toBeUndefined();
      expect(cellOfRecord([20, 170, 21, 170, 170, 22], version)).toBeUndefined();
    }
  });

  test('nonsense is a problem of the file, zeros are not', async () => {
    const bad = await openDcd(memorySource('a.dcd', dcd({ cell: [20, -300, 21, 0, 0, 22] })));
    expect(bad.holds.cell).toBe(false);
    expect(bad.problems[0]!.message).toMatch(/cell of `a\.dcd` makes no sense/);
    expect((await bad.frame(0)).cell).toBeUndefined();
    const none = await openDcd(memorySource('a.dcd', dcd({ cell: [0, 0, 0, 0, 0, 0] })));
    expect(none.holds.cell).toBe(false);
    expect(none.problems).toEqual([]);
  });
});

test.each([
  ['mdtraj.dcd', [0, 0.04888821, 0.09777642]],
  ['mdanalysis.dcd', [1, 1.5, 2]],
])('%s, written by that program', async (name, times) => {
  const { frames, problems } = await readAll(name, read(FIXTURES, name), openDcd);
  expect(problems).toEqual([]);
  expect(frames.map(({ time }) => time)).toEqual(times);
  frames.forEach(({ positions, cell }, k) => {
    const expected = Array.from({ length: 15 }, (_, i) => (0.25 * Math.floor(i / 3) + (i % 3) + 0.125 * k) / 10);
    expect(positions).toEqual(Float32Array.from(expected));
    const { lengths, angles } = shapeOfCell(cell!);
    [2, 2.1, 2.2].forEach((length, i) => {
      expect(lengths[i]).toBeCloseTo(length, 12);
    });
    [80, 95, 110].forEach((angle, i) => {
      expect(angles[i]).toBeCloseTo(angle, 12);
    });
  });
});

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  // Positions in Å of one atom of one frame, and cells, as its own tests have them (version 0.10.4, tests/formats/dcd.cpp).
  test.each([
    {
      name: 'water.dcd',
      atoms: 297,
      frames: 100,
      first: 0,
      last: 4.83993279,
      at: [2, 296],
      is: [6.797599, 11.50882, 12.704233],
      cell: [15, 15, 15, 90, 90, 90],
    },
    { name: 'nopbc.dcd', atoms: 401, frames: 40, first: 2, last: 80 },
    { name: 'withpbc.dcd', atoms: 364, frames: 146, first: 0.02, last: 2.92, cell: [100, 100, 100, 90, 90, 90] },
    {
      name: 'triclinic-octane-vectors.dcd',
      atoms: 13,
      frames: 10,
      first: 0.001,
      last: 0.01,
      cell: [4.1594858, 4.7497, 11.000093, 94.804658, 84.486392, 105.108346],
    },
    {
      name: 'triclinic-octane-cos.dcd',
      atoms: 13,
      frames: 10,
      first: 0.001,
      last: 0.01,
      cell: [4.109898, 4.70706, 10.99323, 105.571274, 73.688985, 125.133355],
    },
    {
      name: 'triclinic-octane-direct.dcd',
      atoms: 13,
      frames: 10,
      first: 0,
      last: 9,
      cell: [4.109898, 4.70706, 10.99323, 105.571273, 73.688987, 125.133354],
    },
    {
      name: 'triclinic-namd.dcd',
      atoms: 9999,
      frames: 1,
      first: 22,
      last: 22,
      cell: [85.440037, 89.442719, 85.440037, 65.24499, 70.806038, 71.696265],
    },
    {
      name: '4d-dynamic.dcd',
      atoms: 27,
      frames: 5,
      first: 0.001,
      last: 0.005,
      at: [3, 15],
      is: [2.230041, -0.5253474, -0.50111574],
    },
    {
      name: 'fixed-atoms.dcd',
      atoms: 12,
      frames: 10,
      first: 0.0001,
      last: 0.001,
      at: [5, 10],
      is: [1.8199368, -1.3013588, 10],
    },
    {
      name: 'mrmd_h2so4-32bit-be.dcd',
      atoms: 7,
      frames: 50,
      first: 0.002,
      last: 0.1,
      at: [23, 4],
      is: [-1.3111109, 0.35563222, 0.9946163],
    },
    {
      name: 'mrmd_h2so4-64bit-le.dcd',
      atoms: 7,
      frames: 50,
      first: 0.002,
      last: 0.1,
      at: [23, 4],
      is: [-1.3111109, 0.35563222, 0.9946163],
    },
    {
      name: 'mrmd_h2so4-64bit-be.dcd',
      atoms: 7,
      frames: 50,
      first: 0.002,
      last: 0.1,
      at: [23, 4],
      is: [-1.3111109, 0.35563222, 0.9946163],
    },
  ] satisfies {
    name: string;
    atoms: number;
    frames: number;
    first: number;
    last: number;
    at?: number[];
    is?: number[];
    cell?: number[];
  }[])('$name', async ({ name, atoms, frames, first, last, at, is, cell }) => {
    const reader = await openFile(SHARED, name);
    expect(reader).toMatchObject({ format: 'DCD', atoms, frames, problems: [], holds: { cell: cell !== undefined } });
    const start = await reader.frame(0);
    expect(start.time).toBe(first);
    expect((await reader.frame(frames - 1)).time).toBe(last);
    if (at) {
      const { positions } = await reader.frame(at[0]!);
      expect(positions.slice(3 * at[1]!, 3 * at[1]! + 3)).toEqual(Float32Array.from(is!, (x) => Math.fround(x) / 10));
    }
    const shape = start.cell && shapeOfCell(start.cell);
    expect(shape === undefined).toBe(cell === undefined);
    cell?.forEach((value, i) => {
      const found = i < 3 ? shape!.lengths[i]! * 10 : shape!.angles[i - 3]!;
      expect(Math.abs(found - value)).toBeLessThan(2e-5);
    });
  });

  test('fixed atoms stay where the first frame has them', async () => {
    const reader = await openFile(SHARED, 'fixed-atoms.dcd');
    const expected = Float32Array.of(-1.0220516, -1.0135641, 0).map((x) => x / 10);
    for (const index of [0, 1, 5]) expect((await reader.frame(index)).positions.slice(6, 9)).toEqual(expected);
  });

  test('damaged files', async () => {
    for (const name of ['fixed-atoms.dcd', '4d-dynamic.dcd', 'triclinic-octane-vectors.dcd']) {
      await cutEverywhere(name, read(SHARED, name), openDcd);
      await flipBytes(name, new Uint8Array(read(SHARED, name)), openDcd, { copies: 1000, head: 500 });
    }
  });
});

describe.skipIf(!existsSync(SHARED))('against mdtraj and MDAnalysis', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'dcd-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const script = `
import glob, json, os, numpy
import MDAnalysis.coordinates.DCD as mda
from mdtraj.formats import DCDTrajectoryFile
facts = {}
for path in sorted(glob.glob(sys.argv[1] + '/*.dcd')):
    name = os.path.basename(path)
    with DCDTrajectoryFile(path) as file:
        xyz, lengths, angles = file.read()
    xyz.astype('<f4').tofile(sys.argv[2] + '/' + name)
    facts[name] = {'cell': None if lengths is None else [*map(float, lengths[-1]), *map(float, angles[-1])]}
    if '-be' not in name and '64' not in name:
        reader = mda.DCDReader(path)
        facts[name]['times'] = [float(ts.time) for ts in reader]
print(json.dumps(facts))
`;
  const facts = existsSync(SHARED)
    ? (askPython(['mdtraj', 'MDAnalysis'], script, SHARED.pathname, scratch) as
        | Record<string, { cell: number[] | null; times?: number[] }>
        | undefined)
    : undefined;

  test.skipIf(!facts)(
    'all positions are theirs to the last bit; so are times and cells as far as they read them',
    async () => {
      for (const name of readdirSync(SHARED).filter((each) => each.endsWith('.dcd'))) {
        const { frames } = await readAll(name, read(SHARED, name), openDcd);
        const bytes = readFileSync(join(scratch, name));
        const theirs = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
        const size = frames[0]!.positions.length;
        expect(theirs.length).toBe(frames.length * size);
        frames.forEach(({ positions }, index) => {
          const same = positions.every((x, i) => x === Math.fround(theirs[index * size + i]! / 10));
          expect(same, `${name}, frame ${index}`).toBe(true);
        });
        const { cell, times } = facts![name]!;
        times?.forEach((time, index) => {
          expect(frames[index]!.time, name).toBeCloseTo(time, 6);
        });
        // They take CHARMM's matrix for cosines in this file; chemfiles reads it as we do.
        if (name === 'triclinic-octane-vectors.dcd') continue;
        const shape = frames.at(-1)!.cell && shapeOfCell(frames.at(-1)!.cell!);
        expect(shape === undefined, name).toBe(cell === null);
        cell?.forEach((value, i) => {
          expect(i < 3 ? shape!.lengths[i]! * 10 : shape!.angles[i - 3]!, name).toBeCloseTo(value, 3);
        });
      }
    },
  );
});
