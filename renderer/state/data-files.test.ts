import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DataFiles } from './data-files.svelte.ts';
import { type Hosted, hosted, resources } from './hosted.test-support.ts';
import type { Workspace } from './workspace.svelte.ts';

const ALANINE = join(resources, 'alanine-dipeptide');
const CHIGNOLIN = join(resources, 'data/chignolin-go');

/** A new project, and a way to hand it files of these names: copies of what ships, or bytes. */
async function begun(window: Hosted): Promise<{ workspace: Workspace; files: DataFiles; add: Add }> {
  const workspace = await window.open();
  await workspace.createProject('Test');
  const add: Add = async (named) => {
    const folder = join(window.home, 'dropped');
    await mkdir(folder, { recursive: true });
    for (const [name, from] of Object.entries(named)) {
      if (from.includes('/')) await copyFile(from, join(folder, name));
      else await writeFile(join(folder, name), from);
    }
    await workspace.files.add(await window.host.grant(Object.keys(named).map((name) => join(folder, name))));
  };
  return { workspace, files: workspace.files, add };
}
type Add = (named: Record<string, string>) => Promise<void>;

const used = (files: DataFiles) =>
  files.sources.map(({ structure, trajectories }) => [structure ?? '', ...trajectories].map((id) => files.nameOf(id)));

it('a structure and a trajectory of one name are used at once, with beads that fit, in one step of undo', async () => {
  await using window = await hosted();
  const { workspace, files, add } = await begun(window);
  await add({ 'ala.pdb': join(ALANINE, 'topology.pdb'), 'ala.xtc': join(ALANINE, 'frames.xtc') });
  expect(used(files)).toEqual([['ala.pdb', 'ala.xtc']]);
  expect(workspace.project!.get(['system', 'beads'])).toBe('alanine-dipeptide-5');
  expect(workspace.project!.draft).toMatchObject({ method: 'auto' });
  expect(workspace.project!.get(['experts'])).toBeUndefined();
  expect(files.questions).toEqual([]);
  expect(files.loose).toEqual([]);
  workspace.project!.undo();
  expect(workspace.project!.draft).toEqual({});
});

it('other names are a question; the answer pairs them, and "leave it out" leaves the structure', async () => {
  await using window = await hosted();
  const { files, add } = await begun(window);
  await add({ 'model.pdb': join(ALANINE, 'topology.pdb'), 'traj.xtc': join(ALANINE, 'frames.xtc') });
  expect(used(files)).toEqual([]);
  const [question] = files.questions;
  expect(question!.message).toMatch(/belong together/);
  await files.answer(question!, question!.candidates[0]!);
  expect(used(files)).toEqual([['model.pdb', 'traj.xtc']]);

  files.remove(files.sources[0]!.structure!);
  expect(used(files)).toEqual([]);
  await add({ 'model.pdb': join(ALANINE, 'topology.pdb') });
  await files.answer(files.questions[0]!, null);
  expect(used(files)).toEqual([['model.pdb']]);
  expect(files.loose.map(({ entry, unused }) => [entry.name, unused])).toEqual([['traj.xtc', 'Left out.']]);
});

it('a trajectory waits for the structure that comes after it', async () => {
  await using window = await hosted();
  const { files, add, workspace } = await begun(window);
  await add({ 'ca.xtc': join(CHIGNOLIN, 'ca.xtc') });
  expect(used(files)).toEqual([]);
  expect(files.questions).toEqual([]);
  expect(files.loose[0]!.unused).toMatch(/add the structure/);
  await add({ 'ca.pdb': join(CHIGNOLIN, 'ca.pdb') });
  expect(used(files)).toEqual([['ca.pdb', 'ca.xtc']]);
  expect(workspace.project!.get(['system', 'beads'])).toBe('ca');
});

it('what fits nothing and what is no molecule is said, and spoils nothing', async () => {
  await using window = await hosted();
  const { files, add, workspace } = await begun(window);
  await add({ 'ala.pdb': join(ALANINE, 'topology.pdb'), 'ala.xtc': join(ALANINE, 'frames.xtc') });
  const before = workspace.project!.draft;
  await add({ 'other.xtc': join(CHIGNOLIN, 'ca.xtc'), 'notes.txt': 'hello' });
  expect(workspace.project!.draft).toBe(before);
  const said = Object.fromEntries(files.loose.map(({ entry, problem, unused }) => [entry.name, problem ?? unused]));
  expect(said['other.xtc']).toMatch(/`other.xtc` has 10 atoms per frame, `ala.pdb` has 22/);
  expect(said['notes.txt']).toMatch(/notes.txt/);
});

it('several molecules are sources of their own, one of them kept for the test', async () => {
  await using window = await hosted();
  const { files, add } = await begun(window);
  const peptides = join(resources, 'data/dipeptides');
  const names = ['AA.pdb', 'AA.xtc', 'AV.pdb', 'AV.xtc'];
  await add(Object.fromEntries(names.map((name) => [name, join(peptides, name)])));
  expect(used(files)).toEqual([
    ['AA.pdb', 'AA.xtc'],
    ['AV.pdb', 'AV.xtc'],
  ]);
  files.setUse(1, 'test');
  expect(files.sources.map(({ use }) => use)).toEqual(['train', 'test']);
});

it('a file of numbers is no molecule, but may be the weights of as many frames, in one step of undo', async () => {
  await using window = await hosted();
  const { files, add, workspace } = await begun(window);
  await add({ 'ala.pdb': join(ALANINE, 'topology.pdb'), 'ala.xtc': join(ALANINE, 'frames.xtc') });
  expect([files.hold('forces'), files.hold('energies')]).toEqual([false, false]);
  await add({ 'weights.csv': 'w\n1\n2\n3\n' });
  const [file] = files.numbers;
  expect([file!.entry.name, file!.inspection!.numbers]).toEqual(['weights.csv', 3]);
  expect(file!.unused).toMatch(/weights of as many frames/);
  expect(files.framesOf(files.sources[0]!)).toBe(12_000);

  const before = workspace.project!.draft;
  files.setWeights(0, file!.entry.id);
  expect(workspace.project!.get(['system', 'sources', 0, 'weights'])).toBe(file!.entry.id);
  expect(files.loose).toEqual([]);
  files.setUse(0, 'train');
  expect(files.sources[0]!.weights).toBe(file!.entry.id);
  files.remove(file!.entry.id);
  expect(workspace.project!.draft).toEqual(before);
});

it('forces and energies are there where all frames that are trained on have them', async () => {
  await using window = await hosted();
  const { files, add } = await begun(window);
  expect(files.hold('forces')).toBeUndefined();
  const frame =
    '3\nProperties=species:S:1:pos:R:3:forces:R:3 energy=1\nC 0 0 0 0 0 0\nC 1.4 0 0 0 0 0\nC 2 1.3 0 0 0 0\n';
  await add({ 'a.xyz': `${frame}${frame}` });
  expect(used(files)).toEqual([['a.xyz']]);
  expect([files.hold('forces'), files.hold('energies')]).toEqual([true, true]);
});
