/** The sample as a person goes through it in a window: looked at, compared, clicked on, taken away. Nothing is trained. */
import { expect, test } from 'vitest';
import { openMolecule } from '../storage/molecule-files.ts';
import { temporaryHost } from './window.test-support.ts';

interface DraftSource {
  readonly structure: string;
  readonly trajectories: string[];
}

test('from the files of the sample to the conformations of a basin', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { draft, files } = await window.ask('project.sample', {});
  const { sources, beads } = draft.system as unknown as { sources: DraftSource[]; beads: string };
  const { structure, trajectories } = sources[0]!;
  const source = { structure, trajectories };
  const { inspections } = await window.ask('files.inspect', { files: files.map(({ id }) => id) });
  expect(inspections.every((one) => !('problem' in one))).toBe(true);
  expect(await window.ask('data.structure', { source })).toMatchObject({ atoms: 22, frames: 12_000 });
  expect((await window.ask('data.frame', { source, frame: 11_999 })).positions).toHaveLength(66);
  expect((await window.ask('data.beads', { source, beads, groups: [] })).beads).toHaveLength(5);
  const { distribution } = await window.ask('data.surface', { draft });
  const [run] = (await window.ask('runs.list', {})).runs;
  const results = await window.ask('runs.results', { run: run!.id });
  expect(results.problems).toEqual([]);
  expect(results.distributions.map(({ set }) => set)).toEqual(['reference', 'samples', 'simulation']);
  expect(results.distributions[0]).toEqual(distribution);

  const place = { at: [-1.2, 1.2] as [number, number], count: 4 };
  const { frames } = await window.ask('structures.find', { run: run!.id, set: 'simulation', place });
  expect(frames).toHaveLength(4);
  const what = { what: 'structures', run: run!.id, set: 'simulation', frames } as const;
  const chosen = frames.map(({ frame, replica }) => ({ frame, replica: replica! }));
  const { job } = await window.ask('jobs.add', { kind: 'export', export: { ...what, frames: chosen } });
  await window.jobIn(job, 'done');
  const exported = (await window.ask('exports.list', {})).files.filter((file) => file.job === job);
  expect(exported.map(({ name }) => name).toSorted()).toEqual([
    'alanine-dipeptide-simulation-4-structures.csv',
    'alanine-dipeptide-simulation-4-structures.pdb',
  ]);
  await using pdb = await openMolecule(at.host.pathOf(exported.find(({ name }) => name.endsWith('.pdb'))!.id));
  expect([pdb.topology!.atoms.length, pdb.trajectory!.frames]).toEqual([5, 4]);
});

test('a file that nobody handed over and a run that is not there are not read', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  await expect(window.ask('files.inspect', { files: ['f0'] })).rejects.toThrow();
  await window.ask('project.sample', {});
  const [run] = (await window.ask('runs.list', {})).runs;
  await expect(window.ask('runs.results', { run: `${run!.id}x` })).rejects.toThrow('no run');
  await expect(window.ask('structures.open', { run: 'project.json', set: 'samples' })).rejects.toThrow();
});
