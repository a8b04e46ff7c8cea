import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hosted, until } from './hosted.test-support.ts';
import type { ProjectStore } from './project-store.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

const stored = async ({ project }: ProjectStore) =>
  JSON.parse(await readFile(join(project.folder, 'project.json'), 'utf8'));

async function inNewProject(workspace: Workspace): Promise<ProjectStore> {
  await workspace.createProject('Test');
  return workspace.project!;
}

it('what is typed is there at once, one step of undo, and soon in the file', async () => {
  await using window = await hosted();
  const project = await inNewProject(await window.open());
  for (const steps of [1, 12, 120]) project.set(['experts', 0, 'steps'], steps);
  project.set(['seed'], 7);
  expect(project.get(['experts', 0, 'steps'])).toBe(120);
  expect(project.undoes).toBe('Seed');
  await project.flush();
  expect(project.isSaved).toBe(true);
  await until(() => project.faults.length === 0);
  project.undo();
  project.undo();
  expect([project.draft, project.undoes, project.redoes]).toEqual([{}, undefined, 'Steps']);
  project.redo();
  expect(project.draft).toEqual({ experts: [{ steps: 120 }] });
  await project.flush();
  expect(project.isSaved).toBe(true);
});

it('what stood in the draft before is no default of the one that comes after', async () => {
  await using window = await hosted();
  const project = await inNewProject(await window.open());
  const experts = (second: object) => [{ range: [0, 0.5] }, { range: [0.5, 1], ...second }];
  project.set(['experts'], experts({ conservative: false }));
  await until(
    () => project.specification?.experts !== undefined && project.effective(['experts', 1, 'steps']) !== undefined,
  );
  expect(project.effective(['experts', 1, 'conservative'])).toBe(false);
  project.set(['experts'], experts({}));
  expect(project.effective(['experts', 1, 'conservative'])).toBeUndefined();
  expect(project.effective(['experts', 1, 'steps'])).toBeGreaterThan(0);
  await until(() => project.effective(['experts', 1, 'conservative']) === true);
});

it('faults come with their place, and go with it', async () => {
  await using window = await hosted();
  const project = await inNewProject(await window.open());
  project.set(['experts'], [{ range: [0, 0.5] }, { range: [0.5, 1], weightMidpoint: 0.2 }]);
  project.set(['sample', 'count'], -1);
  await until(() => project.faults.length > 0);
  expect(project.faultAt(['sample', 'count'])).toMatch(/from 1 to/);
  project.set(['sample', 'count'], 10);
  await until(() => project.faultsUnder(['sample']).length === 0 && project.faults.length > 0);
  expect(project.faultAt(['experts', 1, 'weightMidpoint'])).toMatch(/inside/);
  expect(project.faultsUnder(['experts', 0])).toEqual([]);
  project.undo();
  project.undo();
  await until(() => project.faults.length === 0);
});

it('the past of a project ends with it; what was set is there again when it is opened', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  const project = await inNewProject(workspace);
  const { folder } = project.project;
  project.set(['seed'], 3);
  project.setLook('stage', 'experts');
  await workspace.closeProject();
  expect(workspace.project).toBeUndefined();
  const [{ folder: id } = { folder: '' }] = workspace.about!.recent.filter(({ path }) => path === folder);
  await workspace.openProject(id);
  expect(workspace.project!.draft).toEqual({ seed: 3 });
  expect(workspace.project!.undoes).toBeUndefined();
  expect(workspace.stage).toBe('experts');
  expect((await stored(workspace.project!)).draft).toEqual({ seed: 3 });
});

it('another window sees what was changed, and what it has itself half typed is kept', async () => {
  await using window = await hosted();
  const [one, two] = [await window.open(), await window.open()];
  const mine = await inNewProject(one);
  await until(() => two.project !== undefined);
  const theirs = two.project!;
  mine.set(['seed'], 5);
  await mine.flush();
  await until(() => theirs.get(['seed']) === 5);
  theirs.undo();
  expect(theirs.get(['seed'])).toBeUndefined();
  mine.set(['seed'], 6);
  await theirs.flush();
  await until(() => mine.isSaved);
  expect(mine.get(['seed'])).toBe(6);
});
