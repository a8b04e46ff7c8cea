import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { memorySource } from './byte-source.ts';
import { type NetcdfFile, type NetcdfVariable, netcdf } from './netcdf/by-hand.test-support.ts';
import { factorOfUnit } from './netcdf/unit.ts';
import { openNetcdf } from './netcdf.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/formats/netcdf/', import.meta.url);
const read = (folder: URL, name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

const ATOMS = 2;
const FRAMES = 3;
const values = (count: number, scale = 1) => Array.from({ length: count }, (_, i) => scale * (i - 3));
const vectors = { dimensions: ['frame', 'atom', 'spatial'], values: values(FRAMES * ATOMS * 3) };
const dimensions = { frame: 0, spatial: 3, atom: ATOMS, cell_spatial: 3, cell_angular: 3, odd: 3 };
const trajectory: NetcdfFile = {
  records: FRAMES,
  dimensions,
  variables: {
    spatial: { type: 'char', dimensions: ['spatial'], values: [120, 121, 122] },
    time: { type: 'float', dimensions: ['frame'], values: [0.1, 0.2, 0.3] },
    odd: { type: 'byte', dimensions: ['frame', 'odd'], values: values(FRAMES * 3) },
    coordinates: { type: 'float', ...vectors },
    velocities: { type: 'float', ...vectors, attributes: { scale_factor: 20.455 } },
    forces: { type: 'double', ...vectors },
    cell_lengths: {
      type: 'double',
      dimensions: ['frame', 'cell_spatial'],
      values: [1, 2, 3].flatMap((a) => [a, 20, 30]),
    },
    cell_angles: { type: 'double', dimensions: ['frame', 'cell_angular'], values: new Array(9).fill(90) },
  },
};
const fixed: NetcdfFile = {
  records: 0,
  dimensions: { ...dimensions, frame: FRAMES },
  variables: trajectory.variables,
};
const alone: NetcdfFile = {
  records: FRAMES,
  dimensions: { ...dimensions, atom: 1 },
  variables: {
    coordinates: {
      type: 'short',
      dimensions: ['frame', 'atom', 'spatial'],
      values: values(FRAMES * 3),
      attributes: { scale_factor: 10 },
    },
  },
};
const restart: NetcdfFile = {
  records: 0,
  dimensions,
  variables: {
    time: { type: 'double', dimensions: [], values: [7.5] },
    coordinates: { type: 'double', dimensions: ['atom', 'spatial'], values: values(ATOMS * 3) },
    velocities: {
      type: 'double',
      dimensions: ['atom', 'spatial'],
      values: values(ATOMS * 3),
      attributes: { scale_factor: 20.455 },
    },
    cell_lengths: { type: 'double', dimensions: ['cell_spatial'], values: [10, 20, 30] },
    cell_angles: { type: 'double', dimensions: ['cell_angular'], values: [90, 90, 90] },
  },
};

const versions = ([1, 2, 5] as const).flatMap((version) => [
  { name: `a trajectory of version ${version}`, file: { ...trajectory, version }, frames: 3 },
  { name: `a stream of version ${version}`, file: { ...trajectory, version, records: -1, frames: 3 }, frames: 3 },
  { name: `a restart of version ${version}`, file: { ...restart, version }, frames: 1 },
]);
const all = [
  ...versions,
  { name: 'frames without records', file: fixed, frames: 3 },
  { name: 'a single variable with records, not padded', file: alone, frames: 3 },
];

describe.each(all)('$name', ({ name, file, frames }) => {
  const bytes = netcdf(file);

  test('holds what was written', async () => {
    const outcome = await readAll(name, bytes, openNetcdf);
    expect(outcome.problems).toEqual([]);
    expect(outcome.frames).toHaveLength(frames);
    outcome.frames.forEach((frame, index) => {
      const size = frame.positions.length;
      const expected = values(size * frames).slice(index * size, (index + 1) * size);
      const near = (found: ArrayLike<number> | undefined, factor: number) => {
        expect(found).toHaveLength(size);
        expected.forEach((value, i) => {
          expect(found![i]).toBeCloseTo(value * factor, 5);
        });
      };
      near(frame.positions, file === alone ? 1 : 0.1);
      expect(frame.positions).toBeInstanceOf(
        file.variables.coordinates!.type === 'float' ? Float32Array : Float64Array,
      );
      if (file === alone) return;
      near(frame.velocities, 2.0455);
      if (frames === 3) near(frame.forces, 41.84);
      expect(frame.time).toBe(frames === 1 ? 7.5 : [0.1, 0.2, 0.3][index]);
      expect(frame.cell).toEqual([frames === 1 ? 1 : (index + 1) / 10, 0, 0, 0, 2, 0, 0, 0, 3]);
    });
  });

  test('cut off anywhere it gives its whole frames and one problem', async () => {
    const outcomes = await cutEverywhere(name, bytes, openNetcdf);
    for (const [length, { error, problems, frames: whole }] of outcomes.entries()) {
      if (error) expect(error.message).toMatch(/byte \d+/);
      else if (file.records >= 0) expect(problems).toEqual([expect.objectContaining({ byte: length })]);
      else expect(problems.length).toBeLessThan(2);
      // What is cut off at the very end may be padding.
      expect(whole.length).toBeLessThan(frames + Number(length > bytes.length - 4));
    }
    if (file.records === 3) expect(outcomes.at(-5)!.frames).toHaveLength(2);
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    expect(await flipBytes(name, bytes, openNetcdf, { copies: 1500 })).toBeGreaterThan(0);
  });
});

test('absurd counts take no memory and no time', async () => {
  const bytes = netcdf(trajectory);
  const huge = (offset: number, value = 0x7fffffff) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(offset, value);
    return openNetcdf(memorySource('a.nc', copy));
  };
  const records = await huge(4);
  expect(records.frames).toBe(3);
  expect(records.problems[0]!.message).toMatch(/should have 2147483647 frames and ends inside frame 3/);
  await expect(huge(12)).rejects.toThrow(/a\.nc` (is damaged|ends inside the header)/);
  await expect(huge(16)).rejects.toThrow(/ends inside the header/);
  const atom = Buffer.from(bytes).indexOf('atom') + 4;
  expect((await huge(atom)).frames).toBe(0);
});

test('a header that was never brought up to date is not believed', async () => {
  const { frames, problems } = await readAll('a.nc', netcdf({ ...trajectory, records: 0, frames: 3 }), openNetcdf);
  expect(frames).toHaveLength(3);
  expect(problems[0]!.message).toBe('The header of `a.nc` counts no frames, but it has 3.');
});

test('pieces that lie far apart are read one by one', async () => {
  const { coordinates, velocities } = fixed.variables;
  const gap: NetcdfVariable = { type: 'byte', dimensions: ['gap'], values: new Array(100_000).fill(7) };
  const bytes = netcdf({
    ...fixed,
    dimensions: { ...fixed.dimensions, gap: 100_000 },
    variables: { coordinates: coordinates!, gap, velocities: velocities! },
  });
  const lengths: number[] = [];
  const source = memorySource('a.nc', bytes);
  const reader = await openNetcdf({
    ...source,
    read: (offset, length) => {
      lengths.push(length);
      return source.read(offset, length);
    },
  });
  lengths.length = 0;
  const whole = await readAll('b.nc', netcdf(fixed), openNetcdf);
  for (const index of [0, 1, 2]) {
    const { positions, velocities: v } = await reader.frame(index);
    expect([positions, v]).toEqual([whole.frames[index]!.positions, whole.frames[index]!.velocities]);
  }
  expect(new Set(lengths)).toEqual(new Set([24]));
});

test('atoms are sorted by the numbers that LAMMPS gives them', async () => {
  const of = (values: number[]): NetcdfVariable => ({
    type: 'float',
    dimensions: ['frame', 'atom', 'spatial'],
    values,
  });
  const coordinates = of([2, 2, 2, 3, 3, 3, 1, 1, 1, 10, 10, 10, 20, 20, 20, 30, 30, 30]);
  const id: NetcdfVariable = { type: 'int', dimensions: ['frame', 'atom'], values: [70, 90, 5, 1, 2, 3] };
  const bytes = netcdf({
    records: 2,
    dimensions: { ...dimensions, atom: 3 },
    variables: { coordinates, velocities: coordinates, id },
  });
  const { frames } = await readAll('a.nc', bytes, openNetcdf);
  const sorted = [1, 1, 1, 2, 2, 2, 3, 3, 3];
  expect(frames[0]!.positions).toEqual(Float32Array.from(sorted, (x) => x / 10));
  expect(frames[0]!.velocities).toEqual(frames[0]!.positions);
  expect(frames[1]!.positions).toEqual(Float32Array.from(sorted));
});

test.each([
  ['kilocalorie/mole/angstrom', 41.84],
  ['(Kcal/mol)/angstrom)', 41.84],
  ['kcal / (mol * Angstrom)', 41.84],
  ['kilojoules/mole/nanometer', 1],
  ['amu*angstrom/picosecond^2', 0.1],
  ['amu.nm/fs^2', 1e6],
  ['eV/angstrom', 964.8533212331],
  ['angstroms', 0.1],
  ['Å', 0.1],
  ['angstrom/femtosecond', 100],
  ['', 1],
])('%s is %f', (unit, factor) => {
  expect(factorOfUnit(unit)! / factor).toBeCloseTo(1, 10);
});

test.each(['lj', 'furlong/picosecond', 'constructor', 'mol/x', '1e3 m', '%'])('%s is no unit', (unit) => {
  expect(factorOfUnit(unit)).toBeUndefined();
});

test('units are honoured, and one that nobody knows is a problem', async () => {
  const file = (units: string, time: string) => {
    const { coordinates, time: clock } = trajectory.variables;
    const variables = {
      coordinates: { ...coordinates!, attributes: { units } },
      time: { ...clock!, attributes: { units: time } },
    };
    return readAll('a.nc', netcdf({ ...trajectory, variables }), openNetcdf);
  };
  const known = await file('nanometer', 'femtosecond');
  expect(known.problems).toEqual([]);
  expect(known.frames[0]!.positions.slice(0, 3)).toEqual(Float32Array.of(-3, -2, -1));
  expect(known.frames[0]!.time).toBe(0.0001);
  const unknown = await file('lj', 'picosecond');
  expect(unknown.problems.map(({ message }) => message)).toEqual([
    '`coordinates` in `a.nc` is in "lj", which is not known here: angstrom is assumed.',
  ]);
});

test.each([
  ['text', new TextEncoder().encode('x,y\n1,2\n'), /not a NetCDF file/],
  ['nothing', new Uint8Array(), /not a NetCDF file/],
  ['HDF5', Uint8Array.of(0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a), /NetCDF-4.*nccopy/],
  ['another kind', netcdf({ ...trajectory, variables: { time: trajectory.variables.time! } }), /without `coordinates`/],
  [
    'letters',
    netcdf({ ...restart, variables: { coordinates: { ...restart.variables.coordinates!, type: 'char' } } }),
    /`coordinates` in `a\.nc` are no numbers/,
  ],
  ['a plane', netcdf({ ...trajectory, dimensions: { ...dimensions, spatial: 2 } }), /without `coordinates`/],
])('%s is refused', async (_, bytes, message) => {
  await expect(openNetcdf(memorySource('a.nc', bytes))).rejects.toThrow(message);
});

describe.each(['mdtraj.nc', 'mdtraj.ncrst', 'mdanalysis.nc', 'classic.nc', 'offset64.nc', 'data64.nc'])(
  '%s',
  (name) => {
    const bytes = read(FIXTURES, name);

    test('holds what its program wrote', async () => {
      const { frames, problems } = await readAll(name, bytes, openNetcdf);
      expect(problems).toEqual([]);
      expect(frames).toHaveLength(name.endsWith('rst') ? 1 : 3);
      frames.forEach((frame, k) => {
        expect(frame.time).toBe(name.endsWith('rst') ? 1.2 : [1, 1.2, 1.4][k]);
        const angstroms = (i: number) => 0.25 * Math.floor(i / 3) + (i % 3) + 0.125 * k;
        for (let i = 0; i < 15; i++) {
          expect(frame.positions[i]).toBeCloseTo(angstroms(i) / 10, 7);
          if (name === 'mdanalysis.nc') {
            expect(frame.velocities![i]).toBeCloseTo(2 * (angstroms(i) / 10), 6);
            expect(frame.forces![i]).toBeCloseTo(30 * angstroms(i), 4);
          } else if (!name.startsWith('mdtraj')) {
            expect(frame.forces![i]).toBe(angstroms(i));
          }
        }
        if (!name.startsWith('md')) return;
        const { lengths, angles } = shapeOfCell(frame.cell!);
        [...lengths, ...angles].forEach((value, i) => {
          expect(value).toBeCloseTo([2, 2.1, 2.2, 80, 95, 110][i]!, 12);
        });
      });
    });

    test('damaged', async () => {
      await cutEverywhere(name, bytes, openNetcdf);
      await flipBytes(name, bytes, openNetcdf, { copies: 1000 });
    });
  },
);

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  // Å, ps, as its own tests have them where there are some (version 0.10.4, tests/formats/amber-*.cpp).
  test.each([
    {
      name: 'water.nc',
      atoms: 297,
      frames: 100,
      times: [2.02, 3.01],
      at: [2, 296],
      is: [6.797599, 11.50882, 12.70423],
      cell: 15,
    },
    {
      name: 'water.ncrst',
      atoms: 297,
      frames: 1,
      times: [2020, 2020],
      at: [0, 296],
      is: [6.664049, 11.61418, 12.96149],
      cell: 15,
    },
    {
      name: 'no-cell.nc',
      atoms: 1989,
      frames: 10,
      times: [395401, 395410],
      at: [0, 0],
      is: [1.4094074, 30.574373, -22.18777],
    },
    {
      name: 'no-cell.ncrst',
      atoms: 1989,
      frames: 1,
      times: [395401, 395401],
      at: [0, 0],
      is: [1.4094074, 30.574373, -22.18777],
    },
    {
      name: 'scaled_traj.nc',
      atoms: 1938,
      frames: 26,
      times: [0, 0.5],
      at: [0, 0],
      is: [0.63245, 0.63245, 0],
      flat: true,
    },
    {
      name: 'scaled_traj.ncrst',
      atoms: 1938,
      frames: 1,
      times: [0.18, 0.18],
      at: [0, 296],
      is: [13.2405, 17.02155, 0],
      flat: true,
    },
    {
      name: 'version-5.nc',
      atoms: 1576,
      frames: 11,
      times: [0, 0.08058974],
      at: [0, 0],
      is: [7.7213, 12.9825325, 52.823616],
      flat: true,
    },
  ] satisfies {
    name: string;
    atoms: number;
    frames: number;
    times: number[];
    at: number[];
    is: number[];
    cell?: number;
    flat?: boolean;
  }[])('$name', async ({ name, atoms, frames, times, at, is, cell, flat }) => {
    const reader = await openNetcdf(memorySource(name, read(SHARED, name)));
    expect(reader).toMatchObject({ format: 'NetCDF', atoms, frames, holds: { cell: cell !== undefined } });
    // A plane of LAMMPS: its third length is 0.
    expect(reader.problems.map(({ message }) => message)).toEqual(flat ? [expect.stringMatching(/has no volume/)] : []);
    const start = await reader.frame(0);
    expect(start.time).toBeCloseTo(times[0]!, 12);
    expect((await reader.frame(frames - 1)).time).toBeCloseTo(times[1]!, 9);
    const { positions } = await reader.frame(at[0]!);
    is.forEach((x, axis) => {
      expect(positions[3 * at[1]! + axis]).toBeCloseTo(x / 10, 5);
    });
    expect(start.cell).toEqual(cell && [cell / 10, 0, 0, 0, cell / 10, 0, 0, 0, cell / 10]);
  });

  test('velocities and forces in the units of the file', async () => {
    const restart = await openNetcdf(memorySource('a', read(SHARED, 'scaled_traj.ncrst')));
    const { velocities } = await restart.frame(0);
    [-0.042603, -0.146347, 12.80315].forEach((v, axis) => {
      expect(velocities![4200 + axis]).toBeCloseTo((v * -0.856) / 10, 6);
    });
    const lammps = await openNetcdf(memorySource('a', read(SHARED, 'version-5.nc')));
    const frame = await lammps.frame(0);
    expect(frame.velocities![0]).toBeCloseTo(0.00185959 * 100, 6);
    expect(frame.forces![2]).toBeCloseTo(0.11991916 * 41.84, 5);
  });
});

describe.skipIf(!existsSync(SHARED))('against netCDF4', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'netcdf-'));
  afterAll(() => rmSync(scratch, { recursive: true }));
  const script = `
import glob, json, os, netCDF4
facts = {}
for path in sorted(glob.glob(sys.argv[1] + '/*.nc*')):
    name = os.path.basename(path)
    data = netCDF4.Dataset(path)
    data.set_auto_mask(False)
    facts[name] = {key: getattr(data[key], 'units', '') for key in data.variables}
    for key in ['coordinates', 'velocities', 'forces', 'time', 'id']:
        if key in data.variables: data[key][:].astype('<f8').tofile(sys.argv[2] + '/' + name + '.' + key)
print(json.dumps(facts))
`;
  const facts = existsSync(SHARED)
    ? (askPython(['netCDF4'], script, SHARED.pathname, scratch) as Record<string, Record<string, string>> | undefined)
    : undefined;

  test.skipIf(!facts)('all numbers of all frames are theirs', async () => {
    for (const name of readdirSync(SHARED)) {
      if (name === 'README.md') continue;
      const { frames } = await readAll(name, read(SHARED, name), openNetcdf);
      const numbers = (key: string) => {
        const bytes = readFileSync(join(scratch, `${name}.${key}`));
        return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      };
      const units = facts![name]!;
      const factors = {
        coordinates: 0.1,
        velocities: units.velocities?.endsWith('/femtosecond') ? 100 : 0.1,
        forces: 41.84,
      };
      for (const [key, factor] of Object.entries(factors)) {
        if (!(key in units)) continue;
        const theirs = numbers(key);
        const size = theirs.length / frames.length;
        const ids = 'id' in units ? numbers('id') : undefined;
        frames.forEach((frame, index) => {
          const ours = frame[key === 'coordinates' ? 'positions' : (key as 'velocities' | 'forces')]!;
          let worst = 0;
          for (let i = 0; i < size; i++) {
            const atom = index * (size / 3) + Math.floor(i / 3);
            const mine = ours[ids ? 3 * (ids[atom]! - 1) + (i % 3) : i]!;
            const expected = theirs[index * size + i]! * factor;
            worst = Math.max(worst, Math.abs(mine - expected) / Math.max(Math.abs(expected), 1e-30));
          }
          expect(worst, `${name}, ${key}, frame ${index}`).toBeLessThan(2e-7);
        });
      }
      const times = numbers('time');
      frames.forEach(({ time }, index) => {
        expect(time).toBeCloseTo(times[index]! / (units.time === 'femtosecond' ? 1000 : 1), 6);
      });
    }
  });
});
