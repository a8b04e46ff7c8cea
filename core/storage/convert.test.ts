/** Every readable format to every writable one, parts of files, files one after the other, and what goes wrong. */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { encodeNpy } from '../formats/npy.ts';
import { pdbWriter } from '../formats/pdb.ts';
import type { Frame } from '../formats/trajectory.ts';
import { trrWriter } from '../formats/trr.ts';
import { xtcWriter } from '../formats/xtc.ts';
import { xyzWriter } from '../formats/xyz.ts';
import { Listener, leftoversIn, temporaryFolder } from '../runs/small-run.test-support.ts';
import { alanineDipeptide } from '../systems/molecule.test-support.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import { type ConvertOptions, convert } from './convert.ts';
import { openMolecule } from './molecule-files.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
afterEach(() => expect(leftoversIn(folder.path)).toEqual([]));
const fixture = (name: string) => fileURLToPath(new URL(`../formats/fixtures/${name}`, import.meta.url));

const { topology, positions: resting } = alanineDipeptide();
const ATOMS = topology.atoms.length;
const FRAMES = 5;
const CELL = [3, 0, 0, 0.5, 3.125, 0, -0.25, 0.375, 3.25];
const wave = (scale: number, frame: number) => Float32Array.from(resting, (_, i) => scale * Math.sin(i + frame));

const original: Frame[] = Array.from({ length: FRAMES }, (_, frame) => ({
  positions: Float32Array.from(resting, (x, i) => x + 0.01 * Math.sin(7 * i + frame)),
  velocities: wave(0.5, frame),
  forces: wave(400, frame),
  cell: CELL,
  time: 1 + 0.5 * frame,
  step: 1000 + 500 * frame,
  energy: -100 + frame,
}));

let names = 0;
const fresh = (extension: string): string => folder.in(`file-${names++}.${extension}`);

function trr(frames: readonly Frame[], atoms = ATOMS): string {
  const path = fresh('trr');
  const writer = trrWriter({ atoms });
  writeFileSync(path, Buffer.concat(frames.map((frame) => writer.frame(frame))));
  return path;
}

function xtc(frames: readonly Frame[], precision = 1000, atoms = ATOMS): string {
  const path = fresh('xtc');
  const writer = xtcWriter({ atoms, precision });
  writeFileSync(path, Buffer.concat(frames.map((frame) => writer.frame(frame))));
  return path;
}

/** One model, without a cell. */
const structure = fresh('pdb');
const pdb = pdbWriter(topology, { frames: 1 });
writeFileSync(structure, Buffer.concat([pdb.head(), pdb.frame({ positions: original[0]!.positions }), pdb.end().tail]));
const base = trr(original);

async function converted(from: string | readonly string[], to: string, options: Partial<ConvertOptions> = {}) {
  const listener = new Listener();
  const files = typeof from === 'string' ? [from] : from;
  const result = await convert({ stride: 1, start: 1, ...options, from: files, to }, listener);
  return { ...result, reports: listener.reports.get('converting')! };
}

async function contents(path: string) {
  await using file = await openMolecule(path);
  const frames: Frame[] = [];
  for (let i = 0; i < file.trajectory!.frames; i++) frames.push(await file.trajectory!.frame(i));
  return { frames, topology: file.topology, problems: file.problems, precision: file.trajectory!.precision };
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
};
const times = ({ frames }: { readonly frames: readonly Frame[] }) => frames.map(({ time }) => time);

interface Keeps {
  /** nm: by how much writing rounds. */
  readonly rounding: number;
  readonly time?: true;
  readonly step?: true;
  readonly cell?: true;
  readonly velocities?: true;
  readonly forces?: true;
  readonly names?: true;
}
/** Single precision of a fraction of a nm. */
const SINGLE = 1e-7;
const KEEPS: Readonly<Record<string, Keeps>> = {
  pdb: { rounding: 5.01e-5, time: true, step: true, cell: true, names: true },
  cif: { rounding: 5.1e-7, cell: true, names: true },
  gro: { rounding: 5.01e-4, time: true, step: true, cell: true, velocities: true, names: true },
  xyz: { rounding: 0, time: true, step: true, cell: true, velocities: true, forces: true },
  xtc: { rounding: 5.01e-4, time: true, step: true, cell: true },
  trr: { rounding: 0, time: true, step: true, cell: true, velocities: true, forces: true },
  dcd: { rounding: SINGLE, time: true, step: true, cell: true },
  npy: { rounding: 0 },
};

describe.each(Object.entries(KEEPS))('from %s', (source, held) => {
  test.each(Object.entries(KEEPS))('to %s', async (target, keeps) => {
    const from = fresh(source);
    const to = fresh(target);
    await converted(base, from, { topology: structure });
    const { atoms, frames: count, problems } = await converted(from, to, held.names ? {} : { topology: structure });
    expect({ atoms, count, problems }).toEqual({ atoms: ATOMS, count: FRAMES, problems: [] });
    const result = await contents(to);
    expect(result.problems).toEqual([]);
    expect(result.frames).toHaveLength(FRAMES);
    const both = (what: keyof Keeps) => Boolean(held[what] && keeps[what]);
    for (const [i, frame] of result.frames.entries()) {
      const expected = original[i]!;
      expect(farthest(frame.positions, expected.positions)).toBeLessThan(held.rounding + keeps.rounding + SINGLE);
      // Files without times have the index of a frame instead, as XTC and TRR must have one.
      if (both('time')) expect(frame.time).toBeCloseTo(expected.time!, 6);
      if (both('step')) expect(frame.step).toBe(expected.step);
      expect(frame.cell !== undefined).toBe(both('cell'));
      if (frame.cell) {
        const [ours, theirs] = [shapeOfCell(frame.cell), shapeOfCell(CELL)];
        expect(farthest(ours.lengths, theirs.lengths)).toBeLessThan(2e-4);
        expect(farthest(ours.angles, theirs.angles)).toBeLessThan(1.1e-2);
      }
      expect(frame.velocities !== undefined).toBe(both('velocities'));
      if (frame.velocities) expect(farthest(frame.velocities, expected.velocities!)).toBeLessThan(1.1e-4);
      expect(frame.forces !== undefined).toBe(both('forces'));
      if (frame.forces) expect(farthest(frame.forces, expected.forces!)).toBeLessThan(1e-4);
    }
    if (keeps.names) {
      const { atoms, residues } = result.topology!;
      expect(atoms.map(({ name, residue }) => `${residues[residue]!.name}.${name}`)).toEqual(
        topology.atoms.map(({ name, residue }) => `${topology.residues[residue]!.name}.${name}`),
      );
    }
  });
});

test.each([
  ['mdtraj.nc', 5],
  ['mdanalysis.nc', 5],
  ['numpy.npz', 4],
  ['psf and dcd', 3],
])('%s, which is only read', async (name, atoms) => {
  const to = fresh('trr');
  if (name !== 'psf and dcd') {
    await converted(fixture(name), to);
    const [before, after] = [await contents(fixture(name)), await contents(to)];
    expect(after.frames).toHaveLength(3);
    for (const [i, { positions, velocities, forces, cell }] of after.frames.entries()) {
      const expected = before.frames[i]!;
      expect(positions).toHaveLength(3 * atoms);
      expect(farthest(positions, expected.positions)).toBeLessThan(SINGLE);
      expect(velocities?.length).toBe(expected.velocities?.length);
      expect(forces?.length).toBe(expected.forces?.length);
      expect(farthest(cell ?? [], expected.cell ?? [])).toBeLessThan(SINGLE);
    }
    return;
  }
  const psf = fresh('psf');
  const line = (i: number, name: string) =>
    `       ${i} W    7    WAT  ${name.padEnd(5)}${name.padEnd(5)}0.100000  1.0080           0\n`;
  const atomLines = ['OH2', 'H1', 'H2'].map((name, i) => line(i + 1, name)).join('');
  writeFileSync(psf, `PSF\n\n       1 !NTITLE\n REMARKS\n\n       3 !NATOM\n${atomLines}\n       0 !NBOND: bonds\n\n`);
  const dcd = fresh('dcd');
  await converted(trr([{ positions: new Float32Array(9).fill(0.5) }], 3), dcd);
  const both = fresh('pdb');
  await converted([psf, dcd], both);
  const { topology: found, frames } = await contents(both);
  expect(found!.atoms.map((atom) => atom.name)).toEqual(['OH2', 'H1', 'H2']);
  expect(frames.map(({ positions }) => positions)).toEqual([new Float32Array(9).fill(0.5)]);
});

test('an archive with atomic numbers needs no structure, and a structure beside it comes first', async () => {
  const xyz = fresh('xyz');
  await converted(fixture('md17.npz'), xyz);
  const { topology: elements, frames } = await contents(xyz);
  expect(elements!.atoms.map(({ element }) => element)).toEqual(['O', 'H', 'H', 'Cl']);
  expect(frames[0]!.energy).toBeCloseTo((await contents(fixture('md17.npz'))).frames[0]!.energy!, 9);

  const named = fresh('gro');
  writeFileSync(
    named,
    `four\n    4\n${['OA', 'HA', 'HB', 'CL'].map((name, i) => `    1MOL  ${name.padStart(5)}${String(i + 1).padStart(5)}   0.000   0.000   0.000\n`).join('')}   1.0   1.0   1.0\n`,
  );
  const pdb = fresh('pdb');
  await converted([named, fixture('md17.npz')], pdb);
  const after = await contents(pdb);
  expect(after.topology!.atoms.map(({ name }) => name)).toEqual(['OA', 'HA', 'HB', 'CL']);
  expect(after.frames).toHaveLength(3);
});

describe('parts', () => {
  test.each<[string, Partial<ConvertOptions>, number[]]>([
    ['every second frame', { stride: 2 }, [0, 2, 4]],
    ['from the second on', { start: 2 }, [1, 2, 3, 4]],
    ['up to the third', { end: 3 }, [0, 1, 2]],
    ['the fourth alone', { start: 4, end: 4 }, [3]],
    ['every third from the second on', { start: 2, stride: 3 }, [1, 4]],
    ['up to an end behind the last', { start: 5, end: 1000 }, [4]],
    ['a stride beyond the last', { stride: 1000 }, [0]],
  ])('%s', async (_, options, expected) => {
    const to = fresh('xtc');
    const { frames, reports } = await converted(base, to, options);
    expect(frames).toBe(expected.length);
    const found = await contents(to);
    expect(times(found)).toEqual(expected.map((i) => original[i]!.time));
    expect(reports.at(-1)).toEqual({ done: frames, total: frames, unit: 'frames' });
  });

  test('atoms that are selected keep their names, residues, velocities and forces; the energy is of all and goes', async () => {
    const extended = fresh('xyz');
    const source = fresh('xyz');
    const writer = xyzWriter(topology);
    writeFileSync(source, Buffer.concat(original.map((frame) => writer.frame(frame))));
    await converted(source, extended, { select: '_C' });
    const { frames } = await contents(extended);
    const carbons = topology.atoms.flatMap(({ element }, i) => (element === 'C' ? [i] : []));
    const of = (values: ArrayLike<number>) =>
      carbons.flatMap((atom) => [0, 1, 2].map((axis) => values[3 * atom + axis]!));
    for (const [i, { positions, velocities, forces, energy }] of frames.entries()) {
      expect(farthest(positions, of(original[i]!.positions))).toBeLessThan(SINGLE);
      expect(farthest(velocities!, of(original[i]!.velocities!))).toBeLessThan(1e-6);
      expect(farthest(forces!, of(original[i]!.forces!))).toBeLessThan(1e-4);
      expect(energy).toBeUndefined();
    }
    const pdb = fresh('pdb');
    const { atoms } = await converted([structure, base], pdb, { select: 'ALA and (.CA or .CB)' });
    expect(atoms).toBe(2);
    const chosen = (await contents(pdb)).topology!;
    expect(chosen.atoms.map(({ name }) => name)).toEqual(['CA', 'CB']);
    expect(chosen.residues).toMatchObject([{ name: 'ALA', number: 2 }]);
  });
});

describe('several files', () => {
  test('one after the other, with a stride and a range over all of them', async () => {
    const parts = [trr(original.slice(0, 2)), xtc(original.slice(2, 3)), trr(original.slice(3))];
    const all = fresh('trr');
    expect((await converted(parts, all)).frames).toBe(FRAMES);
    expect(times(await contents(all))).toEqual(original.map(({ time }) => time));
    const some = fresh('trr');
    await converted(parts, some, { start: 2, stride: 2, end: 4 });
    expect(times(await contents(some))).toEqual([original[1]!.time, original[3]!.time]);
  });

  test('structures one after the other are all converted', async () => {
    const to = fresh('xtc');
    const result = await converted([structure, structure, structure], to);
    expect(result).toMatchObject({ frames: 3, problems: [] });
  });

  test('a structure beside files of numbers says what the atoms are, wherever it stands', async () => {
    for (const from of [
      [structure, base, base],
      [base, structure, base],
    ]) {
      const to = fresh('gro');
      expect(await converted(from, to)).toMatchObject({ frames: 2 * FRAMES, problems: [] });
      expect((await contents(to)).topology!.atoms[8]!.name).toBe('CA');
    }
  });

  test('what may not have been meant is said', async () => {
    const models = fresh('pdb');
    await converted(base, models, { topology: structure });
    expect((await converted([models, base], fresh('xtc'))).problems).toEqual([
      `The conformations in \`${models}\` are not converted: it says what the atoms are.`,
    ]);
    const xyz = fresh('xyz');
    await converted(base, xyz, { topology: structure });
    const mixed = await converted([structure, xyz], fresh('xtc'));
    expect(mixed.frames).toBe(1 + FRAMES);
    expect(mixed.problems).toEqual([
      `All files are converted: with \`--topology ${structure}\` that one only says what the atoms are.`,
    ]);
    expect(await converted(xyz, fresh('pdb'), { topology: structure })).toMatchObject({ frames: FRAMES, problems: [] });
  });

  test('files of other atoms are refused, beside a structure and without one', async () => {
    const other = trr([{ positions: new Float32Array(9) }], 3);
    await expect(converted([structure, other], fresh('pdb'))).rejects.toThrow(
      `\`${other}\` has 3 atoms per frame, \`${structure}\` has 22: choose the structure that belongs to it.`,
    );
    await expect(converted([base, other], fresh('xtc'))).rejects.toThrow(
      `\`${other}\` has 3 atoms per frame, \`${base}\` has 22: they cannot follow one another.`,
    );
  });
});

describe('frames that differ', () => {
  const bare = ({ velocities: _, forces: __, cell: ___, ...frame }: Frame): Frame => frame;

  test.each(['trr', 'xyz', 'gro'])('velocities in some frames only stay with these: %s', async (target) => {
    for (const first of [0, 1]) {
      const frames = original.map((frame, i) => (i % 2 === first ? frame : bare(frame)));
      const to = fresh(target);
      await converted(trr(frames), to, { topology: structure });
      const found = await contents(to);
      expect(found.problems).toEqual([]);
      expect(found.frames.map(({ velocities }) => velocities !== undefined)).toEqual(
        frames.map(({ velocities }) => velocities !== undefined),
      );
      for (const [i, { velocities }] of found.frames.entries()) {
        if (velocities) expect(farthest(velocities, frames[i]!.velocities!)).toBeLessThan(1e-4);
      }
    }
  });

  test.each(['trr', 'xyz', 'gro', 'xtc', 'pdb', 'dcd'])('a cell that appears later is kept: %s', async (target) => {
    const frames = original.map((frame, i) => (i < 2 ? bare(frame) : frame));
    for (const source of [trr(frames), xtc(frames)]) {
      const to = fresh(target);
      await converted(source, to, { topology: structure });
      const found = (await contents(to)).frames.map(({ cell }) => cell !== undefined);
      expect(found).toEqual([false, false, true, true, true]);
    }
  });

  test('a format with one cell for all frames says so', async () => {
    const frames = original.map((frame, i) => ({ ...frame, cell: CELL.map((value) => value * (1 + i)) }));
    const to = fresh('cif');
    await expect(converted(trr(frames), to, { topology: structure })).rejects.toThrow(
      /mmCIF has one cell for all models/,
    );
    expect(existsSync(to)).toBe(false);
  });

  test('forces are written more often than positions: frames without positions are left out, and said', async () => {
    const to = fresh('trr');
    const { frames, problems } = await converted(fixture('mdanalysis.trr'), to);
    expect(frames).toBe(2);
    expect(problems).toEqual([expect.stringMatching(/that have no positions are left out: 2/)]);
  });
});

describe('precision', () => {
  test.each([
    ['that of the file', 10_000, undefined, 10_000],
    ['that of the file, though it is low', 100, undefined, 100],
    ['what is asked for', 10_000, 500, 500],
  ])('from XTC to XTC: %s', async (_, before, asked, after) => {
    const to = fresh('xtc');
    await converted(xtc(original, before), to, { precision: asked });
    expect((await contents(to)).precision).toBe(after);
  });

  test('from XTC to XTC nothing is rounded twice', async () => {
    const [from, to] = [xtc(original, 12_345), fresh('xtc')];
    await converted(from, to);
    expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
  });

  test('text keeps its digits, numbers get the usual thousandth of a nanometre', async () => {
    for (const [from, expected] of [
      [structure, 10_000],
      [fixture('gromacs.gro'), 1000],
      [base, 1000],
    ] as const) {
      const to = fresh('xtc');
      await converted(from, to);
      expect((await contents(to)).precision).toBe(expected);
    }
  });

  test('GRO has three decimals, or as many as are asked for', async () => {
    for (const [asked, expected] of [
      [undefined, 1000],
      [100_000, 100_000],
      [1, 10],
      [2000, 10_000],
    ] as const) {
      const to = fresh('gro');
      await converted([structure, xtc(original, 1e6)], to, { precision: asked });
      const { precision, frames } = await contents(to);
      expect(precision).toBe(expected);
      expect(farthest(frames[1]!.positions, original[1]!.positions)).toBeLessThan(0.501 / expected + 1e-6);
    }
  });
});

describe('without names of atoms', () => {
  test.each(['xtc', 'trr', 'dcd', 'npy'])('numbers become numbers: %s', async (target) => {
    const to = fresh(target);
    await converted(base, to);
    expect((await contents(to)).frames).toHaveLength(FRAMES);
  });

  test.each(['pdb', 'cif', 'gro', 'xyz'])('%s needs them', async (target) => {
    const converting = converted(base, fresh(target));
    await expect(converting).rejects.toThrow(
      `\`${base}\` does not say what its atoms are: name a structure with \`--topology FILE\`.`,
    );
    await expect(converting).rejects.toMatchObject({ usage: true });
  });

  test('so does a selection', async () => {
    await expect(converted(base, fresh('xtc'), { select: '.CA' })).rejects.toThrow(
      /name a structure with `--topology FILE`/,
    );
  });

  test('a number of atoms that nothing stands behind takes no memory', async () => {
    const bytes = readFileSync(xtc(original.slice(0, 1)));
    for (const at of [4, 52]) bytes.writeInt32BE(2 ** 31 - 1, at);
    const path = fresh('xtc');
    writeFileSync(path, bytes);
    await expect(converted(path, fresh('xtc'))).rejects.toThrow(ErgodicError);
  });
});

describe('what goes wrong', () => {
  const untouched = async (path: string, work: () => Promise<unknown>, sentence: string | RegExp) => {
    const before = existsSync(path) ? readFileSync(path) : undefined;
    const failing = work();
    await expect(failing).rejects.toThrow(ErgodicError);
    await expect(failing).rejects.toThrow(sentence);
    expect(existsSync(path) ? readFileSync(path) : undefined).toEqual(before);
  };

  test('a file is not written over while it is read, whatever it is called', async () => {
    const source = xtc(original);
    const [hard, soft] = [fresh('xtc'), fresh('xtc')];
    linkSync(source, hard);
    symlinkSync(source, soft);
    for (const to of [source, hard, soft, `${folder.path}/./${basename(source)}`]) {
      await untouched(source, () => converted(source, to, { stride: 2 }), /is read from and would be replaced/);
    }
    const pdb = fresh('pdb');
    copyFileSync(structure, pdb);
    await untouched(pdb, () => converted(base, pdb, { topology: pdb }), /is read from and would be replaced/);
  });

  test('another file is replaced when the new one is whole', async () => {
    const to = fresh('xtc');
    writeFileSync(to, 'precious');
    const bad = trr([original[0]!, { positions: new Float32Array(3 * ATOMS).fill(Number.NaN) }]);
    await untouched(to, () => converted(bad, to), /a coordinate of atom 0 is NaN/);
    await converted(base, to);
    expect((await contents(to)).frames).toHaveLength(FRAMES);
  });

  test.each([
    ['nowhere/out.xtc', /cannot be written: there is no folder `.*nowhere`\.$/],
    ['folder.xtc', /exists and is no file: choose another name\.$/],
    [
      'out.nc',
      /names no format that can be written: end it in one of .pdb, .cif, .gro, .xyz, .xtc, .trr, .dcd, .npy\.$/,
    ],
    ['out.xct', /names no format that can be written: did you mean `.xtc`\?$/],
    ['out', /names no format that can be written: end it in one of/],
  ])('no place for the result: %s', async (name, sentence) => {
    if (name === 'folder.xtc') mkdirSync(folder.in(name), { recursive: true });
    await untouched(folder.in('out.xtc'), () => converted(base, folder.in(name)), sentence);
  });

  test.each<[string, Partial<ConvertOptions>, RegExp]>([
    ['a range behind the last frame', { start: 6 }, /has 5 frames, and none of them is wanted from 6 on\.$/],
    ['a range that ends before it begins', { start: 4, end: 2 }, /^`--end 2` comes before `--start 4`\.$/],
    ['a selection of nothing', { select: '.XX', topology: structure }, /^`--select "\.XX"` picks no atom of/],
    ['a selection that is no sentence', { select: '.CA .CB', topology: structure }, /\.CB/],
    ['a topology that is none', { topology: base }, /is TRR, which does not say what the atoms are/],
    ['a topology that is not there', { topology: '/nowhere.pdb' }, /`\/nowhere\.pdb` does not exist/],
  ])('%s', async (_, options, sentence) => {
    const to = fresh('xtc');
    await untouched(to, () => converted(base, to, options), sentence);
  });

  test('names without positions are nothing to convert', async () => {
    const psf = fresh('psf');
    writeFileSync(
      psf,
      'PSF\n\n       1 !NTITLE\n REMARKS\n\n       1 !NATOM\n       1 A    1    ALA  CA   CT1    0.070000       12.0110           0\n\n       0 !NBOND: bonds\n\n',
    );
    await expect(converted(psf, fresh('pdb'))).rejects.toThrow(
      `\`${psf}\` (PSF) holds no positions: name a trajectory.`,
    );
    await expect(converted([psf, psf], fresh('pdb'))).rejects.toThrow('None of these files holds positions');
  });

  test('an array of a toy is nothing to convert', async () => {
    const toy = fresh('npy');
    writeFileSync(toy, encodeNpy({ shape: [4, 2], data: new Float32Array(8) }));
    await expect(converted(toy, fresh('xtc'))).rejects.toThrow(/holds an array of shape \(4, 2\)/);
  });

  test('of a file that was cut off its whole frames are converted, and what is wrong is said', async () => {
    const cut = trr(original);
    truncateSync(cut, statSync(cut).size - 10);
    const to = fresh('xtc');
    const { frames, problems } = await converted(cut, to);
    expect(frames).toBe(FRAMES - 1);
    expect(problems).toEqual([
      expect.stringContaining(`\`${cut}\` ends (byte ${statSync(cut).size}) inside the frame`),
    ]);
    expect(times(await contents(to))).toEqual(original.slice(0, -1).map(({ time }) => time));
  });

  test('a frame in the middle that cannot be read ends everything, with a way around it', async () => {
    const damaged = xtc(original);
    const bytes = readFileSync(damaged);
    const second = bytes.readInt32BE(88) + 92;
    const start = Math.ceil(second / 4) * 4;
    expect(bytes.readInt32BE(start)).toBe(1995);
    // The table index: no longer one.
    bytes.writeInt32BE(5000, start + 84);
    writeFileSync(damaged, bytes);
    const to = fresh('trr');
    await untouched(
      to,
      () => converted(damaged, to),
      /Frame 1 of `.*` \(byte \d+\) cannot be read: its table index is 5000\. `--end 1` takes what comes before it, `--start 3` what follows\.$/,
    );
    const [before, after] = [fresh('trr'), fresh('trr')];
    expect(await converted(damaged, before, { end: 1 })).toMatchObject({ frames: 1 });
    expect(await converted(damaged, after, { start: 3 })).toMatchObject({ frames: 3 });
    expect(times(await contents(after))).toEqual(original.slice(2).map(({ time }) => time));
  });

  test('unevenly spaced times do not fit DCD, and nothing is left behind', async () => {
    const to = fresh('dcd');
    const uneven = trr(original.map((frame, i) => ({ ...frame, step: i * i, time: i * i })));
    await untouched(to, () => converted(uneven, to), /does not follow evenly .* write XTC/);
  });

  test('stopped in the middle it leaves nothing behind', async () => {
    const many = trr(Array.from({ length: 3000 }, (_, i) => ({ ...original[0]!, time: i })));
    const to = fresh('xyz');
    const listener = new Listener(({ done, unit }, stop) => {
      if (unit === 'frames' && done > 0) stop.abort(new ErgodicError('Stopped before the end, as asked.'));
    });
    const options = { from: [many], to, topology: structure, stride: 1, start: 1 };
    await untouched(to, () => convert(options, listener), 'Stopped before the end, as asked.');
  });

  test('a full disk is a sentence, and nothing is left on it', async (context) => {
    using mountPoint = temporaryFolder();
    const system = (...words: string[]) => spawnSync(words[0]!, words.slice(1), { stdio: 'ignore' }).status === 0;
    const mounted = system('mount', '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', mountPoint.path);
    context.skip(!mounted, 'mounting a small disk is not allowed here');
    try {
      const many = trr(Array.from({ length: 1000 }, (_, i) => ({ ...original[0]!, time: i })));
      const to = mountPoint.in('out.trr');
      await expect(converted(many, to)).rejects.toThrow(
        `The disk that holds \`${to}\` is full: free some space and try again`,
      );
      expect(readdirSync(mountPoint.path)).toEqual([]);
      expect(system('mount', '-o', 'remount,ro', mountPoint.path)).toBe(true);
      await expect(converted(base, to)).rejects.toThrow(`\`${to}\` lies on a read-only disk`);
    } finally {
      system('umount', mountPoint.path);
    }
  });
});
