import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeNpy } from '../../../formats/npy.ts';
import { bondMoments, chainFrames, chainTopology, writeMolecule } from '../../../runs/small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../../../runs/small-run.test-support.ts';
import type { Distribution, Results } from '../../contract.ts';
import { Asker, sample, sampleSource } from '../reading.test-support.ts';
import { madeChain, madeToy } from './made-run.test-support.ts';

const aldp = { kind: 'molecule', sources: [{ ...sampleSource, use: 'train' }], beads: 'alanine-dipeptide-5' };
const angle = (degrees: number): number => (degrees * Math.PI) / 180;
const setIn = ({ distributions }: Results, name: string): Distribution =>
  distributions.find(({ set }) => set === name)!;

/** The numbers behind a figure of the sample's run, row after row. */
function figure(name: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(join(sample.run, 'figures', `${name}.csv`), 'utf8')
    .trimEnd()
    .split('\n');
  const columns = head!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((cell, i) => [columns[i], cell])));
}

test('the results of a run are the numbers of its figures', async () => {
  await using asker = new Asker();
  const results = await asker.ask('runs.results', { run: 'r', folder: sample.run });
  expect(results).toMatchObject({
    run: 'r',
    beads: 5,
    axes: [
      { label: 'φ', unit: 'rad', periodic: true },
      { label: 'ψ', unit: 'rad', periodic: true },
    ],
    problems: [],
  });
  expect(results.distributions.map(({ set, count }) => [set, count])).toEqual([
    ['reference', 12_000],
    ['samples', 5000],
    ['simulation', 4000],
  ]);
  expect(results.residual!.t).toHaveLength(20);
  expect(results.metrics).toMatchObject({ iid: { pmf: expect.closeTo(1.235, 3) } });
  const maps = figure('free-energy');
  expect(maps).toHaveLength(62 * 62);
  for (const name of ['reference', 'samples', 'simulation']) {
    const { bins, energy } = setIn(results, name).surface!;
    expect(bins).toEqual([62, 62]);
    for (const row of maps) {
      const [x, y] = ['φ (°)', 'ψ (°)'].map((column) => Math.floor(((Number(row[column]) + 180) / 360) * 62));
      const expected = row[`F ${name} (kT)`]!;
      const found = energy[x! * 62 + y!]!;
      if (expected === '') expect(found).toBeNaN();
      else expect(found).toBeCloseTo(Number(expected), 5);
    }
  }
});

test('profiles, their error bars and bonds, too', async () => {
  await using asker = new Asker();
  const results = await asker.ask('runs.results', { run: 'r', folder: sample.run });
  const rows = figure('profiles');
  const bonds = figure('bonds');
  let compared = 0;
  for (const name of ['reference', 'samples', 'simulation']) {
    const own = setIn(results, name);
    for (const row of rows.filter(({ curve }) => curve === name)) {
      const { x, energy, error } = own.profiles[['φ (°)', 'ψ (°)'].indexOf(row.axis!)]!;
      const bin = x.findIndex((centre) => Math.abs(centre - angle(Number(row.position))) < 1e-6);
      if (row['F (kT)'] === '') expect(energy[bin]).toBeNaN();
      else expect(energy[bin]).toBeCloseTo(Number(row['F (kT)']), 5);
      if (row['error of F (kT)'] !== '') expect(error[bin]).toBeCloseTo(Number(row['error of F (kT)']), 5);
      compared++;
    }
    for (const { name: bond, x, density } of own.bonds) {
      const table = bonds.filter((one) => one.bond === bond);
      expect(table).toHaveLength(x.length);
      for (const [i, row] of table.entries()) {
        expect(x[i]).toBeCloseTo(Number(row['length (nm)']), 6);
        expect(density[i]).toBeCloseTo(Number(row[`density ${name} (1/nm)`]), 3);
      }
    }
  }
  expect(compared).toBe(360);
});

test('the surface of a draft is that of the run it would be; only its data matter', async () => {
  await using asker = new Asker();
  const results = await asker.ask('runs.results', { run: 'r', folder: sample.run });
  const { axes, distribution } = await asker.ask('data.surface', {
    draft: { system: aldp, experts: 'half typed', sample: { count: -1 } },
  });
  expect(axes).toEqual(results.axes);
  expect(distribution).toEqual(setIn(results, 'reference'));
});

test('another plane of the same data does not read them again', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const topology = chainTopology(Array.from({ length: 6 }, () => 'ALA'));
  const source = writeMolecule(folder.in('a'), topology, chainFrames(6, 300, 1));
  const system = { kind: 'molecule', sources: [source], beads: 'ca' };
  const listener = new Listener();
  const surface = (plane: object) => asker.ask('data.surface', { draft: { system: { ...system, plane } } }, listener);
  const pca = await surface({ kind: 'pca' });
  expect(listener.reports.get('reading conformations')!.at(-1)).toMatchObject({ done: 300, total: 300 });
  listener.reports.clear();
  const distances = await surface({ kind: 'distances', first: [1, 2], second: [1, 6] });
  expect(listener.reports.size).toBe(0);
  expect(pca.axes.map(({ label }) => label)).toEqual(['PC 1', 'PC 2']);
  expect(distances.axes.map(({ label, unit }) => [label, unit])).toEqual([
    ['distance 1–2', 'nm'],
    ['distance 1–6', 'nm'],
  ]);
  // Of a chain of Cα, who touches whom.
  expect(pca.distribution.contacts).toHaveLength(36);
  // Another file under the same name is read.
  writeMolecule(folder.in('a'), topology, chainFrames(6, 120, 2));
  expect((await surface({ kind: 'pca' })).distribution.count).toBe(120);
});

test('what is wrong with a draft, its files or its plane is a sentence', async () => {
  await using asker = new Asker();
  const surface = (system: unknown) => asker.ask('data.surface', { draft: { system } });
  await expect(surface({ ...aldp, beads: 'ZZZ' })).rejects.toThrow('holds none of the 22 atoms');
  await expect(surface({ ...aldp, plane: { kind: 'phi-psi', residue: 7 } })).rejects.toThrow('Residue 7');
  await expect(surface({ ...aldp, plane: { kind: 'sideways' } })).rejects.toThrow('`system.plane.kind`');
  await expect(surface({ ...aldp, stride: 12_000 })).rejects.toThrow('at least 2 are needed');
  await expect(surface({ kind: 'molecule', sources: [{ structure: '/gone.pdb' }] })).rejects.toThrow('does not exist');
  await expect(surface(7)).rejects.toThrow('`system` is 7');
});

test.each([
  ['mueller-brown', 2],
  ['double-well-1d', 1],
])('a toy: %s', async (kind, axes) => {
  await using asker = new Asker();
  const draft = { system: { kind, samples: 400 } };
  const found = await asker.ask('data.surface', { draft });
  expect(found.axes).toHaveLength(axes);
  expect(found.distribution).toMatchObject({ count: 400, bonds: [] });
  expect(found.distribution.profiles).toHaveLength(axes);
  expect(found.distribution.surface !== undefined).toBe(axes === 2);
});

test.each(['double-well-1d', 'double-well-2d'] as const)('results of a %s, whole and in part', async (kind) => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  await madeToy(folder.in('whole'), kind);
  const results = (path: string) => asker.ask('runs.results', { run: 'r', folder: path });
  const whole = await results(folder.in('whole'));
  expect(whole).toMatchObject({ beads: 0, problems: [] });
  expect(whole.distributions.map(({ set, count }) => [set, count])).toEqual([
    ['reference', 500],
    ['samples', 300],
    ['simulation', 400],
  ]);
  await madeToy(folder.in('begun'), kind, []);
  const trained = await results(folder.in('begun'));
  expect(trained.distributions.map(({ set }) => set)).toEqual(['reference']);
  expect(trained.metrics).toBeUndefined();
  await madeToy(folder.in('sampled'), kind, ['samples']);
  const sampled = await results(folder.in('sampled'));
  expect(sampled.distributions.map(({ set }) => set)).toEqual(['reference', 'samples']);
  expect(setIn(sampled, 'samples')).toEqual(setIn(whole, 'samples'));
});

test('replicas that stopped do not count, and what is damaged is said', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const path = folder.in('run');
  await madeToy(path, 'double-well-2d', []);
  const data = new Float32Array(20 * 20 * 2).map((_, i) => Math.sin(i));
  data.fill(Number.NaN, data.length - 80);
  const bytes = encodeNpy({ shape: [20, 20, 2], data });
  writeFileSync(join(path, 'simulation.npy'), bytes);
  writeFileSync(join(path, 'samples.npy'), 'no array');
  const results = await asker.ask('runs.results', { run: 'r', folder: path });
  expect(setIn(results, 'simulation').count).toBe(360);
  expect(results.distributions.map(({ set }) => set)).toEqual(['reference', 'simulation']);
  expect(results.problems).toEqual([expect.stringContaining('`samples.npy`')]);
  writeFileSync(join(path, 'simulation.npy'), bytes.subarray(0, bytes.length - 100));
  const cut = await asker.ask('runs.results', { run: 'r', folder: path });
  expect(setIn(cut, 'simulation').count).toBe(360);
  expect(cut.problems).toHaveLength(2);
});

test('a molecule whose files are gone, or others by now: what the run made is shown, and a sentence says what is not', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const path = folder.in('run');
  const { topology } = await madeChain(path, folder.in('a'), 4);
  const results = () => asker.ask('runs.results', { run: 'r', folder: path });
  const sets = async () => (await results()).distributions.map(({ set }) => set);
  expect(await sets()).toEqual(['reference', 'samples', 'simulation']);
  const before = setIn(await results(), 'samples');
  writeMolecule(folder.in('a'), topology, chainFrames(4, 200, 2));
  const changed = await results();
  expect(changed.distributions.map(({ set }) => set)).toEqual(['samples', 'simulation']);
  expect(changed.problems).toEqual([
    'The data of `a.pdb`, `a.xtc` have changed since this run began: restore the original files, or start a new run.',
  ]);
  expect(setIn(changed, 'samples').surface).toEqual(before.surface);
  writeFileSync(folder.in('a.pdb'), 'END\n');
  expect((await results()).problems).toEqual([expect.stringContaining('`a.pdb`')]);
  writeMolecule(folder.in('a'), topology, chainFrames(4, 200, 1));
  expect(await sets()).toEqual(['reference', 'samples', 'simulation']);
});

test('a folder that is no run is a sentence', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  const none = asker.ask('runs.results', { run: 'r', folder: folder.in('nowhere') });
  await expect(none).rejects.toThrow('is not a run');
});

test('bonds of a model are counted where those of the reference are; contacts of a chain, too', async () => {
  using folder = temporaryFolder();
  await using asker = new Asker();
  await madeChain(folder.in('run'), folder.in('a'), 7);
  const results = await asker.ask('runs.results', { run: 'r', folder: folder.in('run') });
  const { mean, deviation } = bondMoments();
  for (const { bonds, contacts } of results.distributions) {
    expect(bonds.map(({ name }) => name)).toEqual(['CA1–CA2', 'CA2–CA3', 'CA3–CA4', 'CA4–CA5', 'CA5–CA6', 'CA6–CA7']);
    expect(bonds.map(({ x }) => x)).toEqual(results.distributions[0]!.bonds.map(({ x }) => x));
    const all = bonds.flatMap(({ x, density }) => x.map((length, i) => ({ length, weight: density[i]! })));
    const total = all.reduce((sum, { weight }) => sum + weight, 0);
    const found = all.reduce((sum, { length, weight }) => sum + (length * weight) / total, 0);
    // Of 72 bonds at least, a third of whose spread is four standard errors.
    expect(Math.abs(found - mean)).toBeLessThan(deviation / 2);
    expect(contacts).toHaveLength(49);
    expect(contacts![1]).toBeNaN();
    expect(contacts![3]).toBe(contacts![21]);
  }
});
