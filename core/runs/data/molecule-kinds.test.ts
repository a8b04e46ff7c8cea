/** Statistics and weights by the kinds of beads, from files to samples of a molecule that was not seen. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { newRecord } from '../new-run.ts';
import { completeRun, prepared } from '../pipeline.ts';
import { RunFolder } from '../run-folder.ts';
import {
  BOND,
  chainFrames,
  chainTopology,
  smallMolecularRun,
  smallMolecularSpecification,
  writeMolecule,
} from '../small-molecule.test-support.ts';
import { Listener, temporaryFolder } from '../small-run.test-support.ts';
import { alike } from './data-set.ts';
import { loadData, reloadData } from './load-data.ts';
import { type MoleculeRecord, moleculeRecordSchema } from './molecule-record.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const molecule = (name: string, residues: string[], use: 'train' | 'test', seed: number) => ({
  ...writeMolecule(parent.in(name), chainTopology(residues), chainFrames(residues.length, 200, seed)),
  use,
});
const sources = [
  molecule('four', ['VAL', 'ALA', 'LEU', 'GLY'], 'train', 1),
  molecule('five', ['VAL', 'ALA', 'LEU', 'GLY', 'ALA'], 'train', 2),
  molecule('other-four', ['SER', 'ALA', 'ALA', 'GLY'], 'train', 3),
  molecule('six', ['SER', 'ALA', 'LEU', 'GLY', 'ALA', 'VAL'], 'test', 4),
];
const own = { steps: 20, batch: 16, learningRate: [3e-3, 1e-4], times: 'log-snr' };
const specification = smallMolecularSpecification(
  sources,
  { validation: 0.1 },
  {
    experts: [
      { ...own, range: [0, 0.1], network: { kind: 'local', hidden: 4, layers: 2 }, contrast: 0.1, contrastCopies: 1 },
      { ...own, range: [0.1, 1], network: { kind: 'local-shape', hidden: 4, layers: 2 } },
    ],
    simulate: { ...smallMolecularRun.simulate, torsionMoves: 1, start: 'samples' },
    threads: 1,
  },
);

describe('local energies', () => {
  test('molecules with the same kinds and bonds share batches, others and all sizes have their own', async () => {
    const { data } = await loadData(specification, new Listener());
    expect(alike(data.training).map((sets) => sets.map(({ name }) => name))).toEqual([
      ['four', 'other-four'],
      ['five'],
    ]);
    expect(data.validation.map((set) => set.own)).toEqual(data.training.map((set) => set.own));
  });

  test('the unseen molecule has statistics of its beads from the record alone, as often as it is read', async () => {
    const { data, facts } = await loadData(specification, new Listener());
    const { statistics, kinds } = data.system;
    expect(kinds!.own.beads).toBe(6);
    expect(kinds!.known.map(({ beads }) => beads)).toEqual([4, 5]);
    expect(statistics!.rotatable).toHaveLength(3);
    const bonds = [0, 5, 9, 12, 14].map((pair) => statistics!.distances.means[pair]! * data.system.scale);
    for (const bond of bonds) expect(bond / BOND.rest).toBeCloseTo(1.05, 1);
    const molecule = moleculeRecordSchema.parse(JSON.parse(JSON.stringify(facts.molecule)));
    const again = await reloadData({ specification, ...facts, molecule: molecule as MoleculeRecord }, new Listener());
    expect(again.system.statistics).toEqual(statistics);
  });

  test('do not take networks of one molecule along to several', async () => {
    const modes = { ...own, range: [0.1, 1], network: { kind: 'modes', hidden: 4, layers: 2 } };
    const experts = [{ ...own, range: [0, 0.1], network: { kind: 'local', hidden: 4, layers: 2 } }, modes];
    const mixed = (some: typeof sources) => smallMolecularSpecification(some, {}, { experts });
    await expect(loadData(mixed(sources), new Listener())).rejects.toThrow(/learn one molecule, and there are several/);
    const { data } = await loadData(mixed(sources.slice(0, 1)), new Listener());
    expect(data.system.kinds!.known).toHaveLength(1);
  });

  test('a run trains on all of them, then samples, simulates and judges the unseen one', async () => {
    const { data, facts } = await prepared(specification, new Listener());
    const record = { ...newRecord(specification, 'run', 'test'), ...facts };
    await using folder = await RunFolder.create(join(parent.path, 'run'), record);
    const { metrics } = await completeRun(folder, record, new Listener(), data);
    expect(metrics).toBeDefined();
  }, 60_000);
});
