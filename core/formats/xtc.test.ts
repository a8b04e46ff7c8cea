import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { ErgodicError } from '../errors.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { gaussianSource, uniformSource } from '../systems/toys/gaussian.ts';
import { memorySource } from './byte-source.ts';
import type { Frame } from './trajectory.ts';
import { openXtc, xtcWriter } from './xtc.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/', import.meta.url);
const read = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(name, folder)));
const open = (bytes: Uint8Array) => openXtc(memorySource('a.xtc', bytes));

function write(frames: readonly Frame[], precision?: number): Uint8Array {
  const writer = xtcWriter({
    atoms: frames[0]!.positions.length / 3,
    ...(precision === undefined ? {} : { precision }),
  });
  return Uint8Array.from([writer.head(), ...frames.map(writer.frame), writer.end().tail].flatMap((part) => [...part]));
}

const joined = (arrays: readonly Frame['positions'][]): Buffer =>
  Buffer.concat(arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)));
const digest = (arrays: readonly Frame['positions'][]): string =>
  createHash('sha256').update(joined(arrays)).digest('hex');

/** Large ones: without lists of numbers. */
const writeOne = (positions: Float32Array, precision: number): Uint8Array =>
  xtcWriter({ atoms: positions.length / 3, precision }).frame({ positions });

function extentAlong(positions: Float32Array, axis: number): number {
  const along = positions.filter((_, i) => i % 3 === axis);
  return along.reduce((a, b) => Math.max(a, b)) - along.reduce((a, b) => Math.min(a, b));
}

/** Coordinates of many characters, each of `atoms` atoms. */
const shapes: Record<string, (atoms: number) => Float32Array> = {
  'anywhere in a box': (atoms) => {
    const normal = gaussianSource(1);
    return Float32Array.from({ length: 3 * atoms }, () => 3 * normal());
  },
  'water, one molecule after the other': (atoms) => {
    const normal = gaussianSource(2);
    const oxygen = [0, 0, 0];
    return Float32Array.from({ length: 3 * atoms }, (_, i) => {
      if (i % 9 < 3) oxygen[i % 3] = 1.5 * normal();
      return oxygen[i % 3]! + (i % 9 < 3 ? 0 : 0.06 * normal());
    });
  },
  'a chain, whose neighbours grow nearer and farther': (atoms) => {
    const normal = gaussianSource(3);
    const last = [0, 0, 0];
    return Float32Array.from({ length: 3 * atoms }, (_, i) => {
      last[i % 3]! += 0.2 * Math.exp(3 * Math.sin(i / 300)) * normal();
      return last[i % 3]!;
    });
  },
  'a line along x': (atoms) => Float32Array.from({ length: 3 * atoms }, (_, i) => (i % 3 === 0 ? i / 30 : 0)),
  'all in one place': (atoms) => new Float32Array(3 * atoms).fill(-1.25),
  'negative, far from the origin': (atoms) => {
    const normal = gaussianSource(4);
    return Float32Array.from({ length: 3 * atoms }, () => -2500 + 0.3 * normal());
  },
  'very far apart': (atoms) => {
    const normal = gaussianSource(5);
    return Float32Array.from({ length: 3 * atoms }, (_, i) => (i === 0 ? 1500 : i === 5 ? -800 : 0.1 * normal()));
  },
};

describe.each(Object.entries(shapes))('%s', (_, shape) => {
  // More atoms than the kernels take at once in the last.
  test.each([1, 9, 10, 11, 22, 1000, 40_000])('%i atoms come back as precise as asked for', async (atoms) => {
    const positions = shape(atoms);
    const farthest = positions.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    for (const precision of [100, 1000, 12_345, 1e6]) {
      const extent = Math.max(...[0, 1, 2].map((axis) => extentAlong(positions, axis)), farthest);
      if (atoms > 9 && extent * precision >= 2 ** 31) {
        expect(() => writeOne(positions, precision)).toThrow(/cannot be written as XTC of precision/);
        continue;
      }
      const { positions: found } = await (await open(writeOne(positions, precision))).frame(0);
      // Half a unit, and what single precision adds to a coordinate of this size.
      const allowed = atoms > 9 ? 0.5 / precision + 2 ** -22 * farthest : 0;
      let worst = 0;
      for (let i = 0; i < positions.length; i++) worst = Math.max(worst, Math.abs(found[i]! - positions[i]!));
      expect(found).toHaveLength(3 * atoms);
      expect(worst).toBeLessThanOrEqual(allowed);
    }
  });
});

test('whole numbers of any size come back, with neighbours at any distance', async () => {
  const next = uniformSource(6);
  for (let bits = 1; bits <= 22; bits++) {
    for (let near = 0; near <= bits; near++) {
      const positions = new Float32Array(150);
      for (let i = 0; i < positions.length; i++) {
        // Axes of sizes that differ, pairs and triples of neighbours.
        const within = (power: number) => (next() >>> 1) % 2 ** power;
        positions[i] =
          i % (bits > 20 ? 6 : 15) < 3
            ? within(Math.max(0, bits - (i % 3)))
            : positions[i - 3]! + within(near) - within(near);
      }
      expect((await (await open(writeOne(positions, 1))).frame(0)).positions).toEqual(positions);
    }
  }
});

test('the precision of a file is known, and whether any of its frames has a cell', async () => {
  const positions = new Float32Array(30);
  const cell = [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const reader = await open(write([{ positions }, { positions, cell }], 12_500));
  expect(reader.precision).toBe(12_500);
  expect(reader.holds.cell).toBe(true);
  // Nine atoms are not rounded.
  const few = await open(write([{ positions: positions.subarray(3) }], 12_500));
  expect(few).not.toHaveProperty('precision');
  expect(few.holds.cell).toBe(false);
});

test('what has been rounded once is not changed again', async () => {
  for (const shape of Object.values(shapes)) {
    const first = writeOne(shape(500), 100);
    expect(writeOne((await (await open(first)).frame(0)).positions as Float32Array, 100)).toEqual(first);
  }
});

const PLAIN: Frame[] = [
  { positions: Float32Array.of(1, 2, 3, -4, 5.5, 6), time: 2.5, step: 7, cell: [3, 0, 0, 0.5, 4, 0, 0.25, 1, 5] },
  { positions: Float32Array.of(1e9, 0, -1e-9, 0, 0, 0), time: 3, step: -1 },
];
/** A precision whose multiples single precision has exactly. */
const EXACT = 1024;
const PACKED: Frame[] = [1, 2, 3].map((scale) => ({
  positions: Float32Array.from({ length: 36 }, (_, i) => Math.fround(((i * i) % 37) / 8) * scale),
  time: scale / 2,
  step: 10 * scale,
  ...(scale === 2 && { cell: [3, 0, 0, 0, 3, 0, 0, 0, 3] }),
}));

test.each([
  ['plain', PLAIN],
  ['compressed', PACKED],
])('time, step and cell of %s frames come back, and no cell as none', async (_, frames) => {
  const { frames: found, problems } = await readAll('a.xtc', write(frames, EXACT), openXtc);
  expect(found).toEqual(frames);
  expect(problems).toEqual([]);
});

test('a frame without time and step gets its index in the file', async () => {
  const { frames } = await readAll('a.xtc', write(PACKED.map(({ positions }) => ({ positions }))), openXtc);
  expect(frames.map(({ time, step }) => [time, step])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
});

test('numbers of double precision are written, and steps beyond 32 bits wrap as in GROMACS', async () => {
  const positions = Float64Array.from(PACKED[0]!.positions);
  const frame = await (await open(write([{ positions, step: 2 ** 31 + 5 }], EXACT))).frame(0);
  expect(frame.positions).toEqual(PACKED[0]!.positions);
  expect(frame.step).toBe(-(2 ** 31) + 5);
});

/** The same with magic number 2023 and sizes of 64 bits. */
function withWideSizes(bytes: Uint8Array, starts: readonly number[]): Uint8Array {
  return Uint8Array.from(
    starts.slice(0, -1).flatMap((start, i) => {
      const frame = [...bytes.subarray(start, starts[i + 1])];
      return [...frame.slice(0, 2), 2023 >> 8, 2023 & 255, ...frame.slice(4, 88), 0, 0, 0, 0, ...frame.slice(88)];
    }),
  );
}

test('frames of the newer magic number have a size of 64 bits', async () => {
  const bytes = write(PACKED, EXACT);
  const wide = withWideSizes(bytes, [...(await open(bytes)).index!]);
  const { frames, problems } = await readAll('a.xtc', wide, openXtc);
  expect(frames).toEqual(PACKED);
  expect(problems).toEqual([]);
  const tooLong = wide.slice();
  tooLong[88] = 0x7f;
  await expect(open(tooLong)).rejects.toThrow(/its coordinates take \d{18,} bytes \(byte 0\)/);
});

test.each([
  ['far away', [3e6, 0], /atom 3 lies at 3000000 nm, .* must stay below 2147483 nm; take a lower precision/],
  ['far apart', [1.6e6, -1.6e6], /atom 3 lies at 1600000 nm/],
  ['infinite', [Number.POSITIVE_INFINITY, 0], /^Frame 1 cannot be written as XTC: a coordinate of atom 3 is Infinity/],
  ['no number', [Number.NaN, 0], /a coordinate of atom 3 is NaN/],
])('coordinates that are %s are refused', (_, [high, low], message) => {
  const writer = xtcWriter({ atoms: 12 });
  writer.frame(PACKED[0]!);
  const positions = PACKED[0]!.positions.slice();
  positions[10] = high!;
  positions[13] = low!;
  expect(() => writer.frame({ positions })).toThrow(message);
  expect(() => writer.frame({ positions })).toThrow(ErgodicError);
});

test('what cannot be written is refused', () => {
  expect(() => xtcWriter({ atoms: 0 })).toThrow(/holds 1 to 2\^31 − 1 atoms, not 0/);
  expect(() => xtcWriter({ atoms: 20, precision: 0 })).toThrow(/positive number \(1\/nm\), not 0/);
  expect(() => xtcWriter({ atoms: 20, precision: Number.NaN })).toThrow(/not NaN/);
  expect(() => xtcWriter({ atoms: 20 }).frame(PACKED[0]!)).toThrow(/frame of 12 atoms .* file of 20/);
});

describe('a file that mdtraj wrote', () => {
  const bytes = read(FIXTURES, 'mdtraj.xtc');

  test('has its frames, cells, times and steps', async () => {
    const { frames, problems } = await readAll('mdtraj.xtc', bytes, openXtc);
    expect(problems).toEqual([]);
    expect(frames.map(({ time, step }) => [time, step])).toEqual([
      [1, 500],
      [1.5, 750],
      [2, 1000],
      [2.5, 1250],
    ]);
    expect(frames[3]!.cell!.map((value) => Number(value.toFixed(5)))).toEqual([
      1.875, 0, 0, 0.1, 1.875, 0, 0.2, 0.3, 1.875,
    ]);
    // Of the numbers that mdtraj was given: 0.7376432 1.1458207 0.9635285, 0.65303373 1.1010957 0.96173024.
    const rounded = [0.738, 1.146, 0.964, 0.653, 1.101, 0.962];
    expect([...frames[0]!.positions.subarray(0, 6)].map((value) => Number(value.toFixed(6)))).toEqual(rounded);
  });

  test('is written again byte by byte', async () => {
    const { frames } = await readAll('mdtraj.xtc', bytes, openXtc);
    expect(write(frames)).toEqual(bytes);
    const few = read(FIXTURES, 'mdtraj-few.xtc');
    expect(write((await readAll('mdtraj-few.xtc', few, openXtc)).frames)).toEqual(few);
  });

  test.each(['mdtraj.xtc', 'mdtraj-few.xtc'])('%s cut off anywhere has its whole frames', async (name) => {
    const whole = read(FIXTURES, name);
    const index = (await open(whole)).index!;
    const outcomes = await cutEverywhere(name, whole, openXtc);
    for (const [length, { error, frames, problems }] of outcomes.entries()) {
      const complete = index.findLastIndex((start) => start <= length);
      expect(frames).toHaveLength(complete);
      if (complete === 0)
        expect(error!.message).toMatch(length === 0 ? /is empty/ : /ends inside its first frame \(byte/);
      else if (length === index[complete]) expect(problems).toEqual([]);
      else expect(problems.map(({ byte }) => byte)).toEqual([length]);
    }
  });

  test.each(['mdtraj.xtc', 'mdtraj-few.xtc'])(
    '%s with flipped bytes is read or refused, and nothing else',
    async (name) => {
      expect(await flipBytes(name, read(FIXTURES, name), openXtc, { copies: 4000 })).toBeGreaterThan(500);
    },
  );

  test.each([
    ['differences', 100, 0xff, /its coordinates (are damaged|end too early)/],
    ['least coordinates', 60, 0x7f, /its coordinates end before they begin/],
    ['index in the table of sizes', 84, 1, /its table index is 167772\d\d/],
    ['precision', 56, 0xff, /its precision is -/],
    ['magic number', 3, 0, /the file has changed since it was opened/],
  ])('one frame with damaged %s is refused with its byte, the others are read', async (_, at, value, what) => {
    const damaged = bytes.slice();
    const reader = await open(damaged);
    const others = [await reader.frame(0), await reader.frame(2)];
    const start = reader.index![1]!;
    damaged[start + at] = value;
    await expect(reader.frame(1)).rejects.toThrow(`Frame 1 of \`a.xtc\` (byte ${start}) cannot be read: `);
    await expect(reader.frame(1)).rejects.toThrow(what);
    await expect(reader.frame(1)).rejects.toThrow(ErgodicError);
    expect([await reader.frame(0), await reader.frame(2)]).toEqual(others);
  });

  test.each([
    ['magic number', 2, /damaged at byte 392, where a frame should begin: its magic number is 64971; what follows/],
    ['number of atoms', 7, /it has 253 atoms, and 30 according to the next number/],
    ['size', 88, /its coordinates take -\d+ bytes/],
  ])('a damaged %s ends the trajectory there', async (_, at, message) => {
    const damaged = bytes.slice();
    const start = (await open(bytes)).index![2]!;
    damaged[start + at] = 0xfd;
    const { frames, problems } = await readAll('a.xtc', damaged, openXtc);
    expect(frames).toHaveLength(2);
    expect(problems).toEqual([{ message: expect.stringMatching(message), byte: start }]);
  });

  test('a frame of another number of atoms ends the trajectory', async () => {
    const joined = Uint8Array.of(...bytes, ...read(FIXTURES, 'mdtraj-few.xtc'));
    const { frames, problems } = await readAll('a.xtc', joined, openXtc);
    expect(frames).toHaveLength(4);
    expect(problems[0]!.message).toMatch(/it has 5 atoms where the first frame has 30; what follows is left out/);
  });

  test('more atoms than the bytes can hold take no memory', async () => {
    const absurd = bytes.slice();
    const view = new DataView(absurd.buffer);
    for (const at of [4, 52]) view.setInt32(at, 2 ** 31 - 1);
    const reader = await open(absurd);
    expect(reader.atoms).toBe(2 ** 31 - 1);
    await expect(reader.frame(0)).rejects.toThrow(/2147483647 atoms cannot be in \d+ bytes/);
  });

  test('a frame that does not exist is refused', async () => {
    const reader = await open(bytes);
    for (const index of [-1, 4, 0.5, Number.NaN])
      await expect(reader.frame(index)).rejects.toThrow(/there is no frame/);
  });
});

test('compressed bytes of any content are read or refused', async () => {
  const next = uniformSource(8);
  let refused = 0;
  for (const [atoms, copies] of [
    [10, 2000],
    [1000, 300],
    [30_000, 20],
  ] as const) {
    const bytes = writeOne(shapes['water, one molecule after the other']!(atoms), 1000);
    const view = new DataView(bytes.buffer);
    for (let copy = 0; copy < copies; copy++) {
      // Everything from a random byte on: what was good until then, then noise; and any sizes of coordinates.
      const from = 92 + (next() % (bytes.length - 92));
      for (let at = from; at < bytes.length; at++) bytes[at] = next();
      for (let axis = 0; axis < 3; axis++) view.setInt32(72 + 4 * axis, next() >>> (1 + (next() % 31)));
      view.setInt32(84, 9 + (next() % 65));
      const { error } = await readAll('a.xtc', bytes, openXtc);
      if (error) refused++;
    }
  }
  expect(refused).toBeGreaterThan(2000);
});

test.each([
  ['nothing', new Uint8Array(), /`a.xtc` is empty/],
  [
    'text',
    new TextEncoder().encode('ATOM      1  N   ALA'),
    /no XTC file, .* its magic number is 1096044365 \(byte 0\)/,
  ],
  ['a TRR file', read(FIXTURES, 'mdtraj.trr'), /its magic number is 1993/],
])('%s is refused', async (_, bytes, message) => {
  await expect(open(bytes)).rejects.toThrow(message);
  await expect(open(bytes)).rejects.toThrow(ErgodicError);
});

const PEERS = `
import hashlib, json, os, numpy
from mdtraj.formats import XTCTrajectoryFile
from MDAnalysis.coordinates.XTC import XTCReader
folder, shared = sys.argv[1:]
digest = lambda x: hashlib.sha256(numpy.ascontiguousarray(x, '<f4').tobytes()).hexdigest()
answer = {}
for name in sorted(name for name in os.listdir(folder) if name.endswith('.xtc')):
    path = os.path.join(folder, name)
    with XTCTrajectoryFile(path) as file:
        x, time, step, box = file.read()
    again = path.replace('.xtc', '.again')
    exact = numpy.fromfile(path.replace('.xtc', '.f4'), '<f4').reshape(x.shape)
    with XTCTrajectoryFile(again, 'w') as file:
        file.write(exact, time=time, step=step, box=box)
    frames = [(ts.positions.copy(), ts.time, ts.data['step'], ts.triclinic_dimensions) for ts in XTCReader(path, convert_units=False)]
    answer[name] = {
        'mdtraj': [digest(x), digest(time), step.tolist(), digest(box)],
        'mdanalysis': [digest([f[0] for f in frames]), digest([f[1] for f in frames]), [int(f[2]) for f in frames]],
        'again': again,
    }
trajectory = os.path.join(shared, 'aldp', 'frames.xtc')
if os.path.exists(trajectory):
    with XTCTrajectoryFile(trajectory) as file:
        x = file.read()[0]
    reference = numpy.load(os.path.join(shared, 'aldp', 'reference.npz'))['positions'].astype('f8')
    apart = numpy.abs(x - x.mean(axis=1, keepdims=True) - reference + reference.mean(axis=1, keepdims=True)).max()
    answer['aldp'] = {'mdtraj': digest(x), 'apart': float(apart)}
print(json.dumps(answer))
`;

describe('mdtraj and MDAnalysis (skipped where Python lacks them)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-xtc-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const names = ['few', 'water', 'many', 'fine'] as const;
  const precision = { few: 1000, water: 1000, many: 1000, fine: 1e5 };
  const cell = [3, 0, 0, 0.5, 4, 0, 0.25, 1, 5];
  const water = shapes['water, one molecule after the other']!;
  const frames: Record<(typeof names)[number], Frame[]> = {
    few: PLAIN.map((frame) => ({ ...frame, cell })),
    water: [0, 1, 2].map((k) => ({ positions: water(300).map((x) => x + k), time: k / 8, step: 100 * k, cell })),
    many: [{ positions: shapes['anywhere in a box']!(20_000), time: 7, step: 1, cell }],
    fine: [{ positions: water(1000), time: 7, step: 1, cell }],
  };
  for (const name of names) {
    const bytes = Buffer.concat(frames[name].map(xtcWriter(optionsOf(name)).frame));
    writeFileSync(join(folder, `${name}.xtc`), bytes);
    writeFileSync(join(folder, `${name}.f4`), joined(frames[name].map(({ positions }) => positions)));
  }
  function optionsOf(name: (typeof names)[number]) {
    return { atoms: frames[name][0]!.positions.length / 3, precision: precision[name] };
  }
  const answers = askPython(['mdtraj', 'MDAnalysis', 'numpy'], PEERS, folder, fileURLToPath(SHARED)) as
    | Record<string, { mdtraj: unknown; mdanalysis: unknown; again: string }>
    | undefined;

  describe.skipIf(!answers)('with Python', () => {
    test.each(names)('%s: they read from our files what we read', async (name) => {
      const found = await readAll(name, new Uint8Array(readFileSync(join(folder, `${name}.xtc`))), openXtc);
      const positions = digest(found.frames.map((frame) => frame.positions));
      const times = digest(found.frames.map(({ time }) => Float32Array.of(time!)));
      const steps = found.frames.map(({ step }) => step);
      const cells = digest(found.frames.map((frame) => Float32Array.from(frame.cell!)));
      expect(answers![`${name}.xtc`]!.mdtraj).toEqual([positions, times, steps, cells]);
      expect(answers![`${name}.xtc`]!.mdanalysis).toEqual([positions, times, steps]);
    });

    test.each(names.filter((name) => precision[name] === 1000))('%s: mdtraj writes the same bytes', (name) => {
      const ours = readFileSync(join(folder, `${name}.xtc`));
      expect(readFileSync(answers![`${name}.xtc`]!.again).equals(ours)).toBe(true);
    });

    test.skipIf(!answers?.aldp)(
      '40,000 frames of alanine dipeptide are those of mdtraj and of the reference',
      async () => {
        const { mdtraj, apart } = answers!.aldp as unknown as { mdtraj: string; apart: number };
        const reader = await openXtc(memorySource('frames.xtc', read(SHARED, 'aldp/frames.xtc')));
        const positions: Float32Array[] = [];
        for (let i = 0; i < reader.frames; i++) positions.push((await reader.frame(i)).positions as Float32Array);
        expect(digest(positions)).toBe(mdtraj);
        // Half a unit of each, of the centres as well.
        expect(apart).toBeLessThan(0.001);
      },
    );
  });
});

describe.skipIf(!existsSync(SHARED))('files of other programs (skipped without ../shared/data)', () => {
  test('cells of all shapes, and coordinates of 0, 0.1 … 0.9, ten and hundred times as large', async () => {
    const { frames, problems } = await readAll('a.xtc', read(SHARED, 'formats/xtc/cell_shapes.xtc'), openXtc);
    const expected = Float32Array.from({ length: 30 }, (_, i) => Math.floor(i / 3) * [0.1, 1, 10][i % 3]!);
    expect(problems).toEqual([]);
    expect(frames).toHaveLength(3);
    for (const { positions } of frames) {
      expect(Math.max(...positions.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-5);
    }
    const shapesOfCells = frames.map(({ cell }) => cell && Object.values(shapeOfCell(cell)).flat());
    expect(shapesOfCells.map((shape) => shape?.map((value: number) => Number(value.toFixed(3))))).toEqual([
      [1.123, 2.234, 3.345, 90, 90, 90],
      [1.123, 2.234, 3.345, 33.45, 44.56, 55.67],
      undefined,
    ]);
  });

  test('numbers too large to be combined', async () => {
    const bytes = read(SHARED, 'formats/xtc/large_diff.xtc');
    const { frames, problems } = await readAll('a.xtc', bytes, openXtc);
    expect(problems).toEqual([]);
    for (const { positions } of frames) expect(Math.max(...positions)).toBe(Math.fround(1677721.6));
    expect(write(frames)).toEqual(bytes);
  });

  test('40,000 frames of alanine dipeptide are written again byte by byte', async () => {
    const bytes = read(SHARED, 'aldp/frames.xtc');
    const reader = await open(bytes);
    expect(reader.frames).toBe(40_000);
    const writer = xtcWriter({ atoms: 22 });
    let same = 0;
    for (let index = 0; index < reader.frames; index++) {
      const frame = writer.frame(await reader.frame(index));
      const start = reader.index![index]!;
      if (frame.every((byte, i) => byte === bytes[start + i])) same++;
    }
    expect(same).toBe(40_000);
  });
});
