import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { Frame } from '../formats/trajectory.ts';
import { xyzWriter } from '../formats/xyz.ts';
import { leftoversIn } from '../runs/small-run.test-support.ts';
import { shapeOfCell } from '../systems/periodic/cell.ts';
import {
  ATOMS,
  base,
  CELL,
  contents,
  converted,
  FRAMES,
  farthest,
  fixture,
  folder,
  fresh,
  original,
  structure,
  times,
  topology,
  trr,
  xtc,
} from './convert.test-support.ts';
import type { ConvertOptions } from './convert.ts';

afterAll(() => folder[Symbol.dispose]());
afterEach(() => expect(leftoversIn(folder.path)).toEqual([]));

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
