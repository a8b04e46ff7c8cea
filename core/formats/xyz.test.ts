import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cutEverywhere, flipBytes, type Open, readAll } from '../../build/damage.ts';
import { askPython } from '../../build/python-peers.ts';
import { ErgodicError } from '../errors.ts';
import { cellFromShape } from '../systems/periodic/cell.ts';
import { ELECTRONVOLT } from '../units.ts';
import { memorySource } from './byte-source.ts';
import type { Frame } from './trajectory.ts';
import { elementOfLabel } from './xyz/label.ts';
import { openXyz, xyzWriter } from './xyz.ts';

const FIXTURES = new URL('fixtures/', import.meta.url);
const SHARED = new URL('../../../shared/data/', import.meta.url);
const encode = (text: string) => new TextEncoder().encode(text);
const openText = (text: string, name = 'a.xyz') => openXyz(memorySource(name, encode(text)));
const openFrames: Open = async (source) => (await openXyz(source)).trajectory!;

const WATER = `3
Lattice="10 0 0 0 10 0 1 2 10" Properties=species:S:1:pos:R:3:velo:R:3:forces:R:3 energy=-1.5 time=0.5 step=7 pbc="T T T"
O 0.0 1.25 -2.5 0.01 0.02 -0.03 1.0 0.0 -0.5
H 1.0e0 2 3.125 0.01 0.02 -0.03 1.0 0.0 -0.25
H -1.0D+00 2. .5 0.01 0.02 -0.03 1.0 0.0 -0.75
`;
const PLAIN = `3
the first, energy=-7 a.u.
O 0.000 1.250 -2.500
H 1.000 2.000 3.125
H -1.000 2.000 0.500
3

O 0.125 1.250 -2.500
H 1.000 2.125 3.125
H -1.000 2.000 0.625
`;

test('extended XYZ is Å, fs and eV', async () => {
  const { topology, trajectory, problems } = await openText(WATER);
  expect(problems).toEqual([]);
  expect(topology.atoms.map(({ name, element, serial, residue }) => [name, element, serial, residue])).toEqual([
    ['O', 'O', 1, 0],
    ['H', 'H', 2, 0],
    ['H', 'H', 3, 0],
  ]);
  expect(topology.residues).toHaveLength(1);
  expect(topology.bonds).toEqual([]);
  expect(trajectory).toMatchObject({ atoms: 3, frames: 1, holds: { velocities: true, forces: true, cell: true } });
  const frame = await trajectory!.frame(0);
  expect(Array.from(frame.positions)).toEqual([0, 0.125, -0.25, 0.1, 0.2, 0.3125, -0.1, 0.2, 0.05]);
  expect(Array.from(frame.velocities!.slice(0, 3))).toEqual([1, 2, -3]);
  expect(frame.forces![0]).toBeCloseTo(10 * ELECTRONVOLT, 10);
  expect(frame.energy).toBe(-1.5 * ELECTRONVOLT);
  expect(frame).toMatchObject({ time: 0.0005, step: 7, cell: [1, 0, 0, 0, 1, 0, 0.1, 0.2, 1] });
});

test('plain XYZ says nothing but positions, whatever its comment looks like', async () => {
  const { trajectory } = await openText(PLAIN);
  expect(trajectory).toMatchObject({
    frames: 2,
    problems: [],
    holds: { velocities: false, forces: false, cell: false },
  });
  expect(Object.keys(await trajectory!.frame(0))).toEqual(['positions']);
  expect((await trajectory!.frame(1)).positions[8]).toBe(0.0625);
});

const heading = (comment: string) =>
  openText(`1\n${comment}\n H 1 2 3 4 5 6 7 8 9\n`).then(({ trajectory }) => trajectory!.frame(0));

test.each([
  ['quotes', 'Properties=species:S:1:pos:R:3 title="a \\"b" energy="2"'],
  ['single quotes', "Properties=species:S:1:pos:R:3 a='x y' energy='2'"],
  ['spaces around the sign', 'Properties = species:S:1:pos:R:3 energy =2'],
  ['braces and brackets', 'Properties=species:S:1:pos:R:3 a={1 2 3} b=[[1, 2], [3, 4]] energy=2'],
  ['keys alone', '=odd Properties=species:S:1:pos:R:3 IsStrange energy=2'],
  ['the free energy', 'Properties=species:S:1:pos:R:3 free_energy=2'],
  ['the energy before the free energy', 'Properties=species:S:1:pos:R:3 free_energy=3 energy=2'],
  ['columns in another order', 'Properties=species:S:1:charge:R:1:pos:R:3 energy=2'],
  ['the atomic number', 'Properties=species:S:1:Z:I:1:pos:R:3 energy=2'],
  ['a quote that never ends', 'Properties=species:S:1:pos:R:3 energy=2 title="a'],
])('%s', async (_, comment) => {
  const frame = await heading(comment);
  expect(frame.energy).toBe(2 * ELECTRONVOLT);
  expect(frame.positions[0]).toBe(/charge|Z/.test(comment) ? 0.2 : 0.1);
});

test.each([
  ['T T T', true],
  ['T F F', true],
  ['F F F', false],
  ['1 1 1', true],
  ['0 0 0', false],
])('a Lattice with pbc="%s"', async (pbc, periodic) => {
  const { cell } = await heading(`Lattice="1 0 0 0 2 0 0 0 3" pbc="${pbc}"`);
  expect(cell).toEqual(periodic ? [0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.3] : undefined);
});

test('momenta become velocities with the mass of the column or of the element', async () => {
  const file = (mass: string) => `1\nProperties=species:S:1:pos:R:3:momenta:R:3${mass}:R:1\nO 0 0 0 1 2 4 2.0\n`;
  // √(eV/amu) is 9.8227 nm/ps.
  const own = await openText(file(':masses'));
  expect(own.topology.atoms[0]!.mass).toBe(2);
  expect((await own.trajectory!.frame(0)).velocities![2]).toBeCloseTo(2 * 9.82269474, 7);
  const element = await openText(file(':charge'));
  expect((await element.trajectory!.frame(0)).velocities![2]).toBeCloseTo((4 / 15.999) * 9.82269474, 7);
  const none = await openText(file(':charge').replace('\nO', '\nX'));
  expect(none.trajectory!.holds.velocities).toBe(false);
  expect(none.problems[0]!.message).toMatch(/atom 0 \(X\) has no mass/);
});

test.each([
  ['C', 'C'],
  ['Cl', 'Cl'],
  ['CL', 'Cl'],
  ['6', 'C'],
  ['C12', 'C'],
  ['Fe3+', 'Fe'],
  ['O_w', 'O'],
  ['Ca', 'Ca'],
  ['CA', 'C'],
  ['D', 'D'],
  ['X', ''],
  ['999', ''],
])('%s is %s', (label, element) => {
  expect(elementOfLabel(label)).toBe(element);
});

test('line breaks of Windows, a byte order mark and empty lines change nothing', async () => {
  const expected = await readAll('a', encode(PLAIN), openFrames);
  for (const text of [
    PLAIN.replaceAll('\n', '\r\n'),
    `\ufeff${PLAIN}`,
    `\n${PLAIN.replace('3\n\n', '\n \n3\n\n')}\n\n\n`,
  ]) {
    expect(await readAll('a', encode(text), openFrames)).toEqual(expected);
  }
});

test('frames of other atoms are left out, and one problem counts them', async () => {
  const other = '2\n\nH 1 2 3\nH 1 2 3\n';
  const isomer = PLAIN.slice(PLAIN.indexOf('3\n\n')).replace('O 0.125', 'N 0.125');
  const relabelled = PLAIN.replaceAll('\nO ', '\nO1 ').replaceAll('\nH ', '\nH_a ');
  const { trajectory, problems } = await openText(PLAIN + other + isomer + relabelled);
  expect(trajectory!.frames).toBe(4);
  expect(problems.map(({ message }) => message)).toEqual([
    '2 frames of `a.xyz` had to be left out, first at line 11: its atoms are not those of the first frame.',
  ]);
  expect((await trajectory!.frame(3)).positions).toEqual((await trajectory!.frame(1)).positions);
});

test('columns may change from frame to frame', async () => {
  const swapped = '3\nProperties=pos:R:3:species:S:1 energy=3\n0 0 0 O\n0 0 0 H\n0 0 1 H\n';
  const { trajectory, problems } = await openText(WATER + swapped + PLAIN);
  expect(problems).toEqual([]);
  expect((await trajectory!.frame(1)).positions[8]).toBe(0.1);
  expect((await trajectory!.frame(1)).forces).toBeUndefined();
  expect((await trajectory!.frame(3)).positions[8]).toBe(0.0625);
});

test('what is damaged is named by its line', async () => {
  const { trajectory, problems } = await openText(PLAIN.replace('2.125', '2.x25'));
  expect(problems).toEqual([]);
  await expect(trajectory!.frame(1)).rejects.toThrow(
    'Frame 1 of `a.xyz` cannot be read: "2.x25" should be a number (line 9).',
  );
  const shifted = await openText(`${PLAIN}H 1 2 3\n${PLAIN}`);
  expect(shifted.trajectory!.frames).toBe(2);
  expect(shifted.problems).toEqual([
    {
      message: '`a.xyz` has "H 1 2 3" where a number of atoms should be (line 11, byte 155).',
      line: 11,
      byte: 155,
    },
  ]);
});

test.each([
  ['nothing', '', /`a\.xyz` is empty/],
  ['another file', 'ATOM      1  N\n', /"ATOM {6}1 {2}N" where a number of atoms should be \(line 1, byte 0\)/],
  ['no atoms', '0\n\n', /"0" where a number of atoms/],
  ['a count beyond the end', '99999999\n\nH 0 0 0\n', /ends inside the frame that begins at line 1/],
  ['a count beyond all bounds', `${'9'.repeat(400)}\n\nH 0 0 0\n`, /where a number of atoms should be/],
  ['too few columns', '1\n\nH 0 0\n', /the line has 3 columns instead of 4 \(line 3\)/],
  ['no number', '1\n\nH 0 0 nan\n', /"nan" should be a number \(line 3\)/],
  ['an infinite number', '1\n\nH 0 0 1e999\n', /"1e999" should be a number \(line 3\)/],
  [
    'Properties that do not fit',
    '1\nProperties=species:S:1:pos:R\nH 0 0 0\n',
    /its Properties do not say .*"pos" \(line 2\)/,
  ],
  ['no positions', '1\nProperties=species:S:1:pos:R:2\nH 0 0 0\n', /no positions/],
  ['no species', '1\nProperties=pos:R:3\n0 0 0 0\n', /do not say what the atoms are/],
  ['a million columns', '1\nProperties=species:S:1:pos:R:3:a:R:1000000\nH 0 0 0\n', /its Properties/],
  ['a Lattice of eight', '1\nLattice="1 0 0 0 1 0 0 0"\nH 0 0 0\n', /Lattice is not nine numbers \(line 2\)/],
])('%s is refused', async (_, text, message) => {
  await expect(openText(text)).rejects.toThrow(message);
  await expect(openText(text)).rejects.toThrow(ErgodicError);
});

const triclinic = cellFromShape({ lengths: [2, 2.1, 2.2], angles: [80, 95, 110] })!;
const numbers = (seed: number, scale = 1) => Array.from({ length: 9 }, (_, i) => scale * Math.sin(1.7 * i + seed) ** 3);
const frames: Frame[] = [
  { positions: Float32Array.from(numbers(1)) },
  {
    positions: Float32Array.from(numbers(2, 1e-6)),
    forces: Float32Array.from(numbers(3, 500)),
    energy: -1234.5,
    time: 0.3,
  },
  {
    positions: Float64Array.from(numbers(4, 1e4)),
    velocities: Float64Array.from(numbers(5)),
    cell: triclinic,
    step: 12,
    time: 1e6,
  },
];

const topology = (await openText(WATER)).topology;
const written = (given: readonly Frame[]): Uint8Array => {
  const writer = xyzWriter(topology);
  return Uint8Array.from(
    Buffer.concat([writer.head(), ...given.map((frame) => writer.frame(frame)), writer.end().tail]),
  );
};

test('what was written comes back, single precision to the last bit', async () => {
  const outcome = await readAll('a.xyz', written(frames), openFrames);
  expect(outcome.problems).toEqual([]);
  frames.forEach((expected, index) => {
    const found = outcome.frames[index]!;
    for (const key of ['positions', 'velocities', 'forces'] as const) {
      const values = expected[key];
      expect(found[key] === undefined).toBe(values === undefined);
      if (values instanceof Float32Array) expect(Float32Array.from(found[key]!)).toEqual(values);
      values?.forEach((value, i) => {
        expect(Math.abs(found[key]![i]! - value)).toBeLessThanOrEqual(5e-9 * Math.abs(value));
      });
    }
    expect(found.time).toBe(expected.time);
    expect(found.step).toBe(expected.step);
    expect(found.energy === undefined).toBe(expected.energy === undefined);
    if (expected.energy !== undefined) expect(found.energy! / expected.energy).toBeCloseTo(1, 14);
    expected.cell?.forEach((value, i) => {
      expect(found.cell![i]).toBeCloseTo(value, 14);
    });
  });
});

test('what cannot be written is refused with a sentence', () => {
  const bad = Float32Array.from(numbers(1)).fill(Number.NaN, 4, 5);
  expect(() => written([{ positions: bad }])).toThrow('Frame 0 cannot be written as XYZ: a position of atom 1 is NaN.');
  expect(() => written([{ positions: new Float32Array(6) }])).toThrow(
    'A frame of 2 atoms cannot go into an XYZ file of 3.',
  );
});

describe.each([
  ['plain', encode(PLAIN)],
  ['extended', encode(WATER + WATER)],
  ['written here', written(frames)],
  ['Windows', encode(PLAIN.replaceAll('\n', '\r\n'))],
])('%s', (name, bytes) => {
  test('cut off anywhere it gives its whole frames and says where it ends', async () => {
    const warning = /its last number may have been cut off/;
    const outcomes = await cutEverywhere(name, bytes, openFrames, warning);
    for (const [length, { error, problems, frames: whole }] of outcomes.entries()) {
      if (error) expect(error.message).toMatch(/byte|line|empty/);
      else if (problems.length > 0) expect(problems).toEqual([expect.objectContaining({ byte: length })]);
      else expect(whole.length).toBeGreaterThan(0);
    }
    // Without its last number, or half of it, the last frame is gone.
    expect(outcomes.at(-4)!.frames.length).toBeLessThan((await readAll(name, bytes, openFrames)).frames.length);
  });

  test('flipped bytes are refused or read, and nothing else happens', async () => {
    expect(await flipBytes(name, bytes, openFrames, { copies: 2500 })).toBeGreaterThan(0);
  });
});

test('a molecule without a last line break is read; whether it is whole is a question only where it is one', async () => {
  const aligned = await openText(PLAIN.slice(0, PLAIN.indexOf('3\n\n') - 1));
  expect(aligned.problems).toEqual([]);
  const ragged = await openText('2\n\nH 0 0 0\nH 0 0 0.74');
  expect((await ragged.trajectory!.frame(0)).positions[5]).toBe(0.074);
  expect(ragged.problems[0]!.message).toBe(
    '`a.xyz` ends without a line break: its last number may have been cut off (byte 21).',
  );
});

test('a file made of its worst lines is refused in no time', async () => {
  for (const text of [
    '1\n\n'.repeat(100_000),
    '\n'.repeat(1_000_000),
    `1\n${'['.repeat(900_000)}\nH 0 0 0\n`,
    `1\nProperties=${'a:'.repeat(400_000)}\nH 0 0 0\n`,
    `1\n${'=" '.repeat(300_000)}\nH 0 0 0\n`,
  ]) {
    const start = performance.now();
    await readAll('a.xyz', encode(text), openFrames);
    expect(performance.now() - start).toBeLessThan(5000);
  }
});

describe('ase.xyz, written by ASE', () => {
  const bytes = new Uint8Array(readFileSync(new URL('ase.xyz', FIXTURES)));

  test('holds what it wrote', async () => {
    const { topology: found, trajectory } = await openXyz(memorySource('ase.xyz', bytes));
    expect(found.atoms.map(({ element }) => element).join('')).toBe('OHHCl');
    expect(trajectory).toMatchObject({
      frames: 2,
      problems: [],
      holds: { velocities: true, forces: true, cell: true },
    });
    const frame = await trajectory!.frame(1);
    // ASE was told: positions 0.25 i + j + 0.125 k Å, forces twice that in eV/Å, velocities 0.01 of it in Å/fs, energy −k eV.
    for (let i = 0; i < 12; i++) {
      const x = 0.25 * Math.floor(i / 3) + (i % 3) + 0.125;
      expect(frame.positions[i]).toBe(x / 10);
      expect(frame.forces![i]! / (2 * x * 10 * ELECTRONVOLT)).toBeCloseTo(1, 7);
      expect(frame.velocities![i]).toBeCloseTo(x, 5);
    }
    expect(frame.energy).toBe(-ELECTRONVOLT);
    expect(frame).toMatchObject({ cell: [1, 0, 0, 0.1, 1.1, 0, 0.2, 0.3, 1.2], time: 0.002 });
  });

  test('damaged', async () => {
    await cutEverywhere('ase.xyz', bytes, openFrames, /last number/);
    await flipBytes('ase.xyz', bytes, openFrames, { copies: 2000 });
  });
});

describe.skipIf(!existsSync(SHARED))('files of the chemfiles collection', () => {
  const read = (name: string) => new Uint8Array(readFileSync(new URL(`formats/xyz/${name}`, SHARED)));
  const open = (name: string) => openXyz(memorySource(name, read(name)));

  test.each([
    { name: 'methane.xyz', atoms: 5, frames: 1, at: [4, -0.631716, 0.631716, -0.631716] },
    { name: 'spaces.xyz', atoms: 64, frames: 1, at: [63, 0.0536, 0.8981, 0.6369] },
    { name: 'topology.xyz', atoms: 9, frames: 1, at: [0, 0, 0, 0] },
    { name: 'trajectory.xyz', atoms: 9, frames: 2, at: [8, 0.675459, 3.93581, 5.86947] },
    { name: 'extended.xyz', atoms: 192, frames: 1, at: [0, 2.33827271799, 4.55315540425, 11.5841360926], left: 2 },
  ])('$name', async ({ name, atoms, frames: count, at, left }) => {
    const { trajectory, problems } = await open(name);
    expect(trajectory).toMatchObject({ atoms, frames: count });
    // The collection's extended file holds three molecules; a trajectory is of one.
    expect(problems.map(({ message }) => message)).toEqual(left ? [expect.stringMatching(`^${left} frames of`)] : []);
    const { positions, cell } = await trajectory!.frame(0);
    [1, 2, 3].forEach((axis) => {
      expect(positions[3 * at[0]! + axis - 1]).toBeCloseTo(at[axis]! / 10, 14);
    });
    if (left) expect(cell!.slice(0, 4)).toEqual([8.43116035 / 10, 0, 0, 0.0158219155128]);
  });

  test('bad ones are refused, each for its reason, unless what is bad is nothing we want', async () => {
    const refusals: string[] = [];
    for (const name of readdirSync(new URL('formats/xyz/bad/', SHARED)).sort()) {
      const lines = new TextDecoder().decode(read(`bad/${name}`)).split('\n');
      for (let i = 0; i + 3 <= lines.length; i += 3) {
        const outcome = await readAll(name, encode(`${lines.slice(i, i + 3).join('\n')}\n`), openFrames);
        refusals.push(
          `${/invalid="([^"]*)"/.exec(lines[i + 1]!)![1]}: ${outcome.error?.message.replace(/.*?(?:read|XYZ): /, '') ?? 'read'}`,
        );
      }
    }
    expect(refusals).toEqual([
      'Non standard Properties: "H" should be a number (line 3).',
      'Missing specification in properties: its Properties do not say "name:type:columns" for "bad" (line 2).',
      'Bad type in Properties: its Properties do not say "name:type:columns" for "bad" (line 2).',
      'Bad repeat in Properties: its Properties do not say "name:type:columns" for "bad" (line 2).',
      '0 repeat in Properties: its Properties do not say "name:type:columns" for "bad" (line 2).',
      'missing value in double: the line has 4 columns instead of 5 (line 3).',
      'invalid value in double: read',
      'missing value in int: the line has 4 columns instead of 5 (line 3).',
      'invalid value in int: read',
      'missing value in Vector3D: the line has 6 columns instead of 7 (line 3).',
      'invalid value in Vector3D: read',
      'missing value in bool: the line has 4 columns instead of 5 (line 3).',
      'invalid value in bool: read',
      'missing string: the line has 4 columns instead of 5 (line 3).',
    ]);
  });
});

const scratch = mkdtempSync(join(tmpdir(), 'xyz-'));
writeFileSync(join(scratch, 'ours.xyz'), written(frames));
const script = `
import json, os
import ase.io, ase.units, mdtraj.formats, numpy
answer = {'ours': [], 'ethanol': {}}
for atoms in ase.io.iread(sys.argv[1], index=':', format='extxyz'):
    frame = {'species': atoms.get_chemical_symbols(), 'positions': atoms.positions.ravel().tolist(), 'cell': atoms.cell.array.ravel().tolist(), 'info': {k: float(v) for k, v in atoms.info.items()}}
    if atoms.calc:
        if 'forces' in atoms.calc.results: frame['forces'] = atoms.calc.results['forces'].ravel().tolist()
        if 'energy' in atoms.calc.results: frame['energy'] = atoms.calc.results['energy']
    if 'velo' in atoms.arrays: frame['velocities'] = atoms.arrays['velo'].ravel().tolist()
    answer['ours'].append(frame)
with mdtraj.formats.XYZTrajectoryFile(sys.argv[1]) as file:
    answer['mdtraj'] = file.read().reshape(3, -1).tolist()
for path in sys.argv[2:]:
    frames = ase.io.read(path, ':', format='extxyz')
    answer['ethanol'][os.path.basename(path)] = {'positions': [f.positions.ravel().tolist() for f in frames], 'forces': [f.get_forces().ravel().tolist() for f in frames], 'energy': [f.get_potential_energy() for f in frames]}
print(json.dumps(answer))
`;
const ethanol = ['rmd17_ethanol_train.xyz', 'rmd17_ethanol_test.xyz'].map((name) => new URL(`ethanol/${name}`, SHARED));
const paths = existsSync(SHARED) ? ethanol.map(({ pathname }) => pathname) : [];
interface Seen {
  readonly species: string[];
  readonly positions: number[];
  readonly forces?: number[];
  readonly velocities?: number[];
  readonly energy?: number;
  readonly cell: number[];
  readonly info: Record<string, number>;
}
const answer = askPython(['ase.io', 'mdtraj'], script, join(scratch, 'ours.xyz'), ...paths) as
  | {
      ours: Seen[];
      mdtraj: number[][];
      ethanol: Record<string, { positions: number[][]; forces: number[][]; energy: number[] }>;
    }
  | undefined;
rmSync(scratch, { recursive: true });

const near = (found: ArrayLike<number>, expected: ArrayLike<number>, factor: number, tolerance = 5e-9) => {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < found.length; i++) {
    expect(Math.abs(found[i]! - expected[i]! * factor)).toBeLessThanOrEqual(tolerance * Math.abs(found[i]!) + 1e-15);
  }
};

test.skipIf(!answer)('ASE and mdtraj see what was written', () => {
  frames.forEach((frame, index) => {
    const seen = answer!.ours[index]!;
    expect(seen.species).toEqual(['O', 'H', 'H']);
    near(seen.positions, frame.positions, 10);
    near(answer!.mdtraj[index]!, frame.positions, 10, 2e-7);
    if (frame.forces) near(seen.forces!, frame.forces, 0.1 / ELECTRONVOLT);
    if (frame.velocities) near(seen.velocities!, frame.velocities, 0.01);
    if (frame.energy !== undefined) expect(seen.energy).toBeCloseTo(frame.energy / ELECTRONVOLT, 12);
    near(seen.cell, frame.cell ?? new Array(9).fill(0), 10);
    if (frame.time !== undefined) expect(seen.info.time).toBeCloseTo(frame.time * 1000, 12);
    expect(seen.info.step).toBe(frame.step);
  });
});

test.skipIf(!answer || paths.length === 0)('ethanol: all frames are what ASE reads', async () => {
  for (const path of ethanol) {
    const name = path.pathname.split('/').at(-1)!;
    const {
      topology: found,
      trajectory,
      problems,
    } = await openXyz(memorySource(name, new Uint8Array(readFileSync(path))));
    expect(problems).toEqual([]);
    expect(found.atoms.map(({ element }) => element).join('')).toBe('CCOHHHHHH');
    // It has a Lattice of 50 Å and denies it: pbc="F F F".
    expect(trajectory).toMatchObject({ frames: 1000, holds: { velocities: false, forces: true, cell: false } });
    for (let index = 0; index < 1000; index++) {
      const frame = await trajectory!.frame(index);
      const { positions, forces, energy } = answer!.ethanol[name]!;
      near(frame.positions, positions[index]!, 0.1);
      near(frame.forces!, forces[index]!, 10 * ELECTRONVOLT);
      expect(frame.energy).toBeCloseTo(energy[index]! * ELECTRONVOLT, 6);
    }
  }
});
