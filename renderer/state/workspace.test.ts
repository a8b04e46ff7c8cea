import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hosted, until } from './hosted.test-support.ts';

it('the sample opens with its files and its run, ready to be looked at', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  expect(workspace.project).toBeUndefined();
  expect(await workspace.openSample()).toBe(true);
  await until(() => workspace.runs.current !== undefined && !workspace.files.busy);
  expect(workspace.project!.project.isSample).toBe(true);
  expect(workspace.runs.current!.has).toEqual({ model: true, samples: true, simulation: true, metrics: true });
  const [source] = workspace.files.sources;
  expect(workspace.files.get(source!.trajectories[0]!)?.inspection?.frames).toBe(12_000);
  await until(() => workspace.project!.specification !== undefined);
  expect(workspace.project!.faults).toEqual([]);
});

it('a file that has gone is said by name when the project is opened again', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  await workspace.openSample();
  await until(() => !workspace.files.busy && workspace.files.sources.length === 1);
  const { folder } = workspace.project!.project;
  await workspace.closeProject();
  await rm(join(folder, 'data', (await readdir(join(folder, 'data'))).find((name) => name.endsWith('.xtc'))!));
  await workspace.openProject(workspace.about!.recent[0]!.folder);
  await until(() => !workspace.files.busy);
  const [source] = workspace.files.sources;
  expect(workspace.files.get(source!.trajectories[0]!)?.problem).toMatch(/`frames.xtc` is no longer in/);
});

it('what is typed while the connection is lost is stored when it is back', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  await workspace.createProject('One');
  const project = workspace.project!;
  window.loseAll();
  await until(() => workspace.link === 'lost');
  project.set(['seed'], 9);
  await until(() => workspace.link === 'open' && project.isSaved);
  expect(workspace.project).toBe(project);
  expect(project.undoes).toBe('Seed');
  const other = await window.open();
  expect(other.project!.draft).toEqual({ seed: 9 });
});

it('what has happened meanwhile is known again after a reconnection', async () => {
  await using window = await hosted();
  const [one, two] = [await window.open(), await window.open()];
  await one.createProject('One');
  await until(() => two.project !== undefined);
  window.loseAll();
  await until(() => one.link === 'lost' && two.link === 'lost');
  await until(() => one.link === 'open' && two.link === 'open');
  await two.closeProject();
  await until(() => one.project === undefined);
  expect(one.about!.recent[0]!.name).toBe('One');
});
