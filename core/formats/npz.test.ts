import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { ErgodicError } from '../errors.ts';
import { KILOCALORIE } from '../units.ts';
import { memorySource } from './byte-source.ts';
import { npyHead } from './npy.ts';
import { npyTrajectoryWriter, openNpyTrajectory, openNpzTrajectory } from './npz.ts';
import type { Frame } from './trajectory.ts';
import { crc32, openZipMember, readZipDirectory } from './zip.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/', import.meta.url);
const fixture = (name: string) => new Uint8Array(readFileSync(new URL(name, FIXTURES)));
const x = (k: number, i: number) => 1.25 * Math.floor(i / 3) + (i % 3) + 0.125 * k;
const expected = (k: number, factor: number) => Array.from({ length: 12 }, (_, i) => x(k, i) * factor);

function npy(shape: number[], values: number[], type = '<f8'): Uint8Array {
  const head = Buffer.from(npyHead(shape)).toString('latin1').replace('<f4', type);
  const Type = { '<f4': Float32Array, '<f8': Float64Array, '<i4': Int32Array }[type]!;
  return new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(Type.from(values).buffer)]));
}

interface Member {
  content: Uint8Array;
  deflate?: boolean;
  /** As the directory claims. */
  size?: number;
  packed?: Uint8Array;
  checksum?: number;
  method?: number;
  flags?: number;
  offset?: number;
}

/** An archive written out by hand, with or without 64-bit fields in its directory. */
function zip(members: Record<string, Member>, wide = false): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, member] of Object.entries(members)) {
    const { content, deflate = false, size = content.length, checksum = crc32(content) } = member;
    const packed = member.packed ?? (deflate ? deflateRawSync(content) : content);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    const begin = member.offset ?? offset;
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(member.flags ?? 0, 8);
    entry.writeUInt16LE(member.method ?? (deflate ? 8 : 0), 10);
    entry.writeUInt32LE(checksum, 16);
    entry.writeUInt32LE(wide ? 0xffffffff : packed.length, 20);
    entry.writeUInt32LE(wide ? 0xffffffff : size, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(wide ? 0xffffffff : begin, 42);
    const extra = Buffer.alloc(wide ? 28 : 0);
    if (wide) {
      entry.writeUInt16LE(extra.length, 30);
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(24, 2);
      [size, packed.length, begin].forEach((value, i) => {
        extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i);
      });
    }
    parts.push(local, Buffer.from(name), Buffer.from(packed));
    directory.push(entry, Buffer.from(name), extra);
    offset += 30 + name.length + packed.length;
  }
  const listing = Buffer.concat(directory);
  const count = Object.keys(members).length;
  const end64 = Buffer.alloc(wide ? 76 : 0);
  if (wide) {
    end64.writeUInt32LE(0x06064b50, 0);
    end64.writeBigUInt64LE(BigInt(listing.length), 40);
    end64.writeBigUInt64LE(BigInt(offset), 48);
    end64.writeUInt32LE(0x07064b50, 56);
    end64.writeBigUInt64LE(BigInt(offset + listing.length), 64);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(wide ? 0xffffffff : listing.length, 12);
  end.writeUInt32LE(wide ? 0xffffffff : offset, 16);
  return new Uint8Array(Buffer.concat([...parts, listing, end64, end]));
}

const openBytes = (bytes: Uint8Array, options = {}) => openNpzTrajectory(memorySource('a.npz', bytes), options);
const positions = {
  content: npy(
    [3, 4, 3],
    [0, 1, 2].flatMap((k) => expected(k, 0.1)),
  ),
};

test('the checksum is that of ZIP', () => {
  expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
});

describe('what NumPy writes', () => {
  test('an archive of arrays, by their names', async () => {
    const trajectory = await openNpzTrajectory(memorySource('numpy.npz', fixture('numpy.npz')));
    expect(trajectory).toMatchObject({
      format: 'NPZ',
      atoms: 4,
      frames: 3,
      problems: [],
      holds: { velocities: false, forces: true, cell: true },
    });
    expect(trajectory.topology!.atoms.map(({ element }) => element)).toEqual(['O', 'H', 'H', 'Cl']);
    const frame = await trajectory.frame(1);
    frame.positions.forEach((value, i) => {
      expect(value).toBeCloseTo(x(1, i) / 10, 14);
    });
    expect(frame.positions).toBeInstanceOf(Float64Array);
    expect(frame.forces).toEqual(Float32Array.from(expected(1, 1)));
    expect(frame).toMatchObject({ time: 1.5, energy: 1, cell: [1, 0, 0, 0, 2, 0, 0, 0, 3] });
  });

  test('MD17 is known by its names: Å and kcal/mol', async () => {
    const trajectory = await openNpzTrajectory(memorySource('md17.npz', fixture('md17.npz')));
    expect(trajectory).toMatchObject({ atoms: 4, frames: 3, problems: [] });
    expect(trajectory.topology!.atoms.map(({ element }) => element)).toEqual(['O', 'H', 'H', 'Cl']);
    const { positions: found, forces, energy } = await trajectory.frame(2);
    found.forEach((value, i) => {
      expect(value).toBe(x(2, i) / 10);
      expect(forces![i]).toBeCloseTo(2 * x(2, i) * 41.84, 10);
    });
    expect(energy).toBe(-2 * KILOCALORIE);
  });

  test('one array', async () => {
    const bytes = fixture('numpy.npy');
    const { frames, problems } = await readAll('numpy.npy', bytes, (source) =>
      openNpyTrajectory(source, { length: 'angstrom' }),
    );
    expect(problems).toEqual([]);
    frames.forEach((frame, k) => {
      expect(Object.keys(frame)).toEqual(['positions']);
      expect(frame.positions).toEqual(Float32Array.from(expected(k, 1), (value) => value / 10));
    });
  });
});

test('stored or deflated, of 32 bits or 64, the arrays are the same', async () => {
  const reference = await readAll('a.npz', zip({ 'positions.npy': positions }), openNpzTrajectory);
  expect(reference.frames).toHaveLength(3);
  for (const deflate of [false, true]) {
    for (const wide of [false, true]) {
      const bytes = zip(
        { 'note.txt': { content: new Uint8Array(3) }, 'positions.npy': { ...positions, deflate } },
        wide,
      );
      expect(await readAll('a.npz', bytes, openNpzTrajectory)).toEqual(reference);
    }
  }
});

test('the unit is the one that was stated; where nobody did and it looks wrong, that is a problem', async () => {
  const file = (scale: number) => zip({ 'positions.npy': { content: npy([1, 2, 3], [0, 0, 0, 0, 0, scale]) } });
  const messages = async (scale: number, options = {}) =>
    (await openBytes(file(scale), options)).problems.map(({ message }) => message);
  expect(await messages(0.15)).toEqual([]);
  // Neighbouring Cα atoms.
  expect(await messages(0.38)).toEqual([]);
  expect(await messages(1.5)).toEqual([
    'The unit of `a.npz` is in doubt: its two nearest atoms are 1.5 nm apart if its lengths are nm, so these look like Å.',
  ]);
  expect(await messages(1.5, { length: 'nm' })).toEqual([]);
  expect(await messages(1.5, { length: 'angstrom' })).toEqual([]);
  expect(await messages(0.15, { length: 'angstrom' })).toEqual([
    expect.stringMatching(/0\.015 nm apart if .* look like nm/),
  ]);
  const { frames } = await readAll('a', file(1.5), (source) => openNpzTrajectory(source, { length: 'angstrom' }));
  expect(frames[0]!.positions[5]).toBe(0.15);
  const withEnergy = zip({ 'positions.npy': positions, 'E.npy': { content: npy([3], [1, 2, 3]) }, 'F.npy': positions });
  const inEv = await readAll('a', withEnergy, (source) => openNpzTrajectory(source, { energy: 'eV', length: 'nm' }));
  expect(inEv.frames[1]!.energy).toBeCloseTo(2 * 96.4853321, 6);
  expect(inEv.frames[1]!.forces![11]! / inEv.frames[1]!.positions[11]!).toBeCloseTo(96.4853321, 6);
});

test('an array that does not fit is left out with a word', async () => {
  const bytes = zip({
    'x.npy': { content: npy([6], [1, 2, 3, 4, 5, 6]) },
    'R.npy': positions,
    'forces.npy': { content: npy([3, 3, 3], new Array(27).fill(0)) },
    'F.npy': positions,
    'energy.npy': { content: npy([2], [1, 2]) },
    'z.npy': { content: npy([4], [1, 6, 999, 0], '<i4') },
    'box.npy': { content: npy([3, 3], [1, 0, 0, 0, 2, 0, 0, 0, 3]) },
  });
  const trajectory = await openBytes(bytes);
  expect(trajectory.problems.map(({ message }) => message)).toEqual([
    '`forces` of shape (3, 3, 3) in `a.npz` does not fit and is left out.',
    '`energy` of shape (2) in `a.npz` does not fit and is left out.',
  ]);
  expect(trajectory.holds).toEqual({ velocities: false, forces: true, cell: true });
  expect(trajectory.topology!.atoms.map(({ name }) => name)).toEqual(['H', 'C', 'X', 'X']);
  expect((await trajectory.frame(2)).cell).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 3]);
});

test.each([
  ['no array of positions', zip({ 'a.npy': positions, 'b.npy': positions }), /is called .* it has `a`, `b`\./],
  [
    'positions of another shape',
    zip({ 'xyz.npy': { content: npy([12], new Array(12).fill(0)) } }),
    /`xyz` of shape \(12\)/,
  ],
  ['nothing in it', zip({}), /it has none at all/],
  ['another file', new TextEncoder().encode('x,y\n'), /not a whole ZIP archive/],
  ['encryption', zip({ 'R.npy': { ...positions, flags: 1 } }), /`R\.npy` is encrypted/],
  ['another compression', zip({ 'R.npy': { ...positions, method: 14 } }), /method 14/],
  ['a member beyond the end', zip({ 'R.npy': { ...positions, offset: 1e6 } }), /not where the directory says/],
  ['a wrong checksum', zip({ 'R.npy': { ...positions, deflate: true, checksum: 1 } }), /not what its checksum says/],
  [
    'noise',
    zip({ 'R.npy': { ...positions, deflate: true, packed: new Uint8Array(900).fill(0xff) } }),
    /cannot be inflated/,
  ],
  ['less than it claims', zip({ 'R.npy': { ...positions, deflate: true, size: 500 } }), /inflated|checksum/],
  ['more than it claims', zip({ 'R.npy': { ...positions, deflate: true, size: 5000 } }), /not what its checksum says/],
  [
    'Python objects',
    zip({
      'R.npy': {
        content: Buffer.from(
          Buffer.from(npyHead([1, 1, 3]))
            .toString('latin1')
            .replace('<f4', '|O '),
          'latin1',
        ),
      },
    }),
    /number type/,
  ],
])('%s is refused', async (_, bytes, message) => {
  await expect(openBytes(bytes)).rejects.toThrow(message);
  await expect(openBytes(bytes)).rejects.toThrow(ErgodicError);
});

describe('an archive that would explode', () => {
  const bomb = deflateRawSync(new Uint8Array(100e6));

  test('is refused by its ratio before a byte is inflated', async () => {
    const bytes = zip({ 'R.npy': { content: new Uint8Array(), deflate: true, packed: bomb, size: 100e6 } });
    await expect(openBytes(bytes)).rejects.toThrow(/would grow from \d+ to 100000000 bytes/);
    const tiny = zip(
      { 'R.npy': { content: new Uint8Array(), deflate: true, packed: bomb.subarray(0, 99), size: 2 ** 40 } },
      true,
    );
    await expect(openBytes(tiny)).rejects.toThrow(/would grow from 99 to 1099511627776 bytes/);
  });

  test('is stopped where it exceeds what it claims', async () => {
    const bytes = zip({ 'R.npy': { content: new Uint8Array(), deflate: true, packed: bomb, size: 1000 } });
    const start = performance.now();
    await expect(openBytes(bytes)).rejects.toThrow(/cannot be inflated/);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('is no way to make us wait', async () => {
    const bytes = zip({ 'R.npy': { ...positions, deflate: true } });
    const [member] = await readZipDirectory(memorySource('a.npz', bytes));
    const broken = {
      ...memorySource('a.npz', bytes),
      read: async (offset: number, length: number) => {
        if (length === member!.packedSize) throw new ErgodicError('The disk is gone.');
        return bytes.subarray(offset, offset + length);
      },
    };
    await expect(openZipMember(broken, member!)).rejects.toThrow('The disk is gone.');
  });
});

describe.each(['numpy.npz', 'md17.npz'])('%s', (name) => {
  test('cut off anywhere it is refused: what it holds is listed at its end', async () => {
    const outcomes = await cutEverywhere(name, fixture(name), openNpzTrajectory);
    for (const { error } of outcomes) expect(error?.message).toMatch(/not a whole ZIP archive.*byte \d+/);
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    expect(await flipBytes(name, fixture(name), openNpzTrajectory, { copies: 1500 })).toBeGreaterThan(0);
  });
});

const ATOMS = 2;
const frames: Frame[] = [1, 2, 3].map((k) => ({
  positions: Float32Array.from({ length: 6 }, (_, i) => 0.2 * Math.sin(k * i + k)),
}));

function written(given: readonly Frame[], finish = true): Uint8Array {
  const writer = npyTrajectoryWriter({ atoms: ATOMS });
  const bytes = new Uint8Array(Buffer.concat([writer.head(), ...given.map((frame) => writer.frame(frame))]));
  if (finish) for (const { offset, bytes: patch } of writer.end().patches) bytes.set(patch, offset);
  return bytes;
}

test('what was written comes back, also where the writer never came to its end', async () => {
  const outcome = await readAll('a.npy', written(frames), openNpyTrajectory);
  expect(outcome).toEqual({ frames, problems: [] });
  const unfinished = await readAll('a.npy', written(frames, false), openNpyTrajectory);
  expect(unfinished.frames).toEqual(frames);
  expect(unfinished.problems).toEqual([
    { message: '`a.npy` was not finished: it says that it has no frames, and has 3.', byte: 128 + 72 },
  ]);
  const double = [{ positions: Float64Array.from(frames[0]!.positions) }];
  expect((await readAll('a.npy', written(double), openNpyTrajectory)).frames).toEqual([frames[0]]);
  expect(() => written([{ positions: new Float32Array(9) }])).toThrow(
    'A frame of 3 atoms cannot go into an NPY file of 2.',
  );
});

test('the head has the same length for any number of frames', () => {
  for (const atoms of [1, 22, 10_000_000]) {
    expect(npyHead([0, atoms, 3]).length).toBe(npyHead([999_999_999_999, atoms, 3]).length);
  }
});

describe.each([
  ['written here', written(frames)],
  ['NumPy', fixture('numpy.npy')],
])('an NPY file, %s', (name, bytes) => {
  test('cut off anywhere it gives its whole frames and one problem', async () => {
    const outcomes = await cutEverywhere(name, bytes, openNpyTrajectory);
    const whole = (await readAll(name, bytes, openNpyTrajectory)).frames.length;
    for (const [length, { error, problems, frames: found }] of outcomes.entries()) {
      expect(error === undefined).toBe(length >= 128);
      if (error) expect(error.message).toMatch(/byte \d+/);
      else
        expect(problems[0]).toEqual({
          message: expect.stringMatching(`ends inside frame ${found.length}`),
          byte: length,
        });
    }
    expect(outcomes.at(-1)!.frames).toHaveLength(whole - 1);
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    expect(await flipBytes(name, bytes, openNpyTrajectory, { copies: 3000 })).toBeGreaterThan(0);
  });
});

test.each([
  [
    'a plane',
    npy([3, 4, 2], new Array(24).fill(0)),
    /array of shape \(3, 4, 2\); a trajectory is one of \(frames, atoms, 3\)/,
  ],
  ['samples', npy([3, 4], new Array(12).fill(0)), /array of shape \(3, 4\)/],
  ['no atoms', npy([3, 0, 3], []), /array of shape \(3, 0, 3\)/],
  [
    'a header beyond the end',
    Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255, 0),
    /goes beyond its end/,
  ],
])('%s is refused', async (_, bytes, message) => {
  await expect(openNpyTrajectory(memorySource('a.npy', bytes))).rejects.toThrow(message);
});

test('absurd shapes take no memory', async () => {
  for (const shape of [
    [999_999_999_999, 4, 3],
    [3, 999_999_999_999, 3],
  ]) {
    const bytes = npy(shape, new Array(36).fill(0));
    const { frames: found, problems } = await readAll('a.npy', bytes, openNpyTrajectory);
    expect(found).toHaveLength(shape[0] === 3 ? 0 : 3);
    expect(problems).toHaveLength(1);
  }
});

const scratch = mkdtempSync(join(tmpdir(), 'npz-'));
writeFileSync(join(scratch, 'ours.npy'), written(frames));
const md17 = new URL('ethanol/md17_ethanol_2000_biased.npz', SHARED);
const script = `
import json, numpy
ours = numpy.load(sys.argv[1])
answer = {'shape': ours.shape, 'type': ours.dtype.str, 'values': ours.ravel().tolist()}
if len(sys.argv) > 2:
    data = numpy.load(sys.argv[2])
    answer['ethanol'] = {'R': data['R'][::333].tolist(), 'F': data['F'][::333].tolist(), 'E': data['E'][::333].ravel().tolist(), 'z': data['z'].tolist()}
print(json.dumps(answer))
`;
const answer = askPython(['numpy'], script, join(scratch, 'ours.npy'), ...(existsSync(md17) ? [md17.pathname] : [])) as
  | {
      shape: number[];
      type: string;
      values: number[];
      ethanol?: { R: number[][][]; F: number[][][]; E: number[]; z: number[] };
    }
  | undefined;
rmSync(scratch, { recursive: true });

test.skipIf(!answer)('NumPy loads what was written', () => {
  expect(answer).toMatchObject({ shape: [3, 2, 3], type: '<f4' });
  expect(answer!.values).toEqual(frames.flatMap((frame) => Array.from(frame.positions)));
});

test.skipIf(!answer?.ethanol)('ethanol of MD17: every number is the one that NumPy loads', async () => {
  const trajectory = await openNpzTrajectory(memorySource('md17.npz', new Uint8Array(readFileSync(md17))));
  expect(trajectory).toMatchObject({ atoms: 9, frames: 2000, problems: [], holds: { forces: true } });
  const { R, F, E, z } = answer!.ethanol!;
  expect(z).toEqual([6, 6, 8, 1, 1, 1, 1, 1, 1]);
  expect(trajectory.topology!.atoms.map(({ element }) => element).join('')).toBe('CCOHHHHHH');
  for (const [row, k] of R.map((_, i) => [i, 333 * i] as const)) {
    const { positions: found, forces, energy } = await trajectory.frame(k);
    expect(Array.from(found)).toEqual(R[row]!.flat().map((value) => value / 10));
    F[row]!.flat().forEach((value, i) => {
      expect(forces![i]).toBeCloseTo(value * 41.84, 9);
    });
    expect(energy).toBe(E[row]! * KILOCALORIE);
  }
});
