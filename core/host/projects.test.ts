/** Projects through the contract: created, set, stored, opened again, refused, damaged, moved. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Host } from './host.ts';
import { resources, TestWindow, temporaryHost } from './window.test-support.ts';

const fileIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'project.json'), 'utf8'));

test('the first words say what can be chosen', async () => {
  await using at = await temporaryHost();
  const hello = await at.window().ask('hello', {});
  expect(hello).toMatchObject({ shell: 'browser', version: '0.0.0', project: null, recent: [] });
  expect(hello.engines.map(({ name }) => name)).toContain('wasm');
  expect(Object.keys(hello.settings)).toEqual(expect.arrayContaining(['system', 'experts', 'sample', 'simulate']));
  expect(hello.methods.auto).toMatchObject({
    title: 'Automatic',
    settings: { minutes: { unit: 'minutes', default: 0 } },
  });
  const names = hello.expertPresets.map(({ name }) => name);
  for (const system of ['aldp', 'mueller-brown']) {
    for (const model of ['plain', 'experts', 'fp', 'both']) {
      expect(names).toEqual(expect.arrayContaining([`${system}-${model}`, `${system}-${model}-quick`]));
    }
  }
  expect(hello.expertPresets.find(({ name }) => name === 'aldp-both-quick')!.experts).toHaveLength(3);
  const usual = hello.expertPresets.filter(({ isUsual }) => isUsual).map(({ name }) => name);
  expect(usual).toEqual(['aldp-both-quick', 'mueller-brown-both-quick']);
  expect(hello.beadPresets.every(({ title, help }) => title !== '' && help !== '')).toBe(true);
});

test('what a person sets is there again after the project was closed, under the same ids', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'Villin: wild/type' });
  expect(folder).toBe(join(at.home, 'projects', 'Villin- wild-type'));
  const data = join(resources, 'alanine-dipeptide', 'topology.pdb');
  const [file] = await at.host.grant([data]);
  expect(window.heard('files.granted')).toEqual([]);
  const draft = { name: 'mine', system: { kind: 'molecule', sources: [{ structure: file!.id, trajectories: [] }] } };
  await window.ask('project.save', { draft, view: { stage: 'data' }, name: 'Villin' });
  expect(window.heard('files.granted')).toEqual([{ files: [file] }]);
  await window.ask('project.close', {});
  expect(fileIn(folder)).toMatchObject({ format: 'ergodic-project-1', name: 'Villin', draft, view: { stage: 'data' } });

  await using host = await Host.open(at.host.options);
  const later = new TestWindow(host);
  const { recent } = await later.ask('hello', {});
  expect(recent).toMatchObject([{ path: folder }]);
  const project = await later.ask('project.open', { folder: recent[0]!.folder });
  expect(project).toMatchObject({ name: 'Villin', isSample: false, draft, view: { stage: 'data' } });
  expect(project.files).toMatchObject([{ id: file!.id, name: 'topology.pdb', missing: false }]);
  expect(host.pathOf(file!.id)).toBe(data);
});

test('a change is written soon, and told to the other windows', async () => {
  await using at = await temporaryHost();
  const [first, second] = [at.window(), at.window()];
  const { folder } = await first.ask('project.create', { name: 'one' });
  await second.until(() => second.heard('project.changed').length === 1);
  await first.ask('project.save', { draft: { seed: 7 } });
  const told = await second.until(() => second.heard('project.changed')[1]);
  expect(told.project).toMatchObject({ name: 'one', draft: { seed: 7 } });
  expect(first.heard('project.changed')).toHaveLength(1);
  while (fileIn(folder).draft.seed !== 7) await setTimeout(20);
});

test('a project that another host has open is refused, and the one that is open stays', async () => {
  await using at = await temporaryHost();
  await using other = await temporaryHost();
  const { folder } = await at.window().ask('project.create', { name: 'busy' });
  const window = other.window();
  const own = await window.ask('project.create', { name: 'own' });
  const [entry] = await other.host.grant([folder]);
  await expect(window.ask('project.open', { folder: entry!.id })).rejects.toThrow(/`.*busy` is in use by process \d+/);
  expect((await window.ask('hello', {})).project).toEqual(own);
  await at.window().ask('project.close', {});
  expect(await window.ask('project.open', { folder: entry!.id })).toMatchObject({ name: 'busy' });
});

test('a folder without a project, a file, an id that nobody told: sentences', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const [folder, file] = await at.host.grant([resources, join(resources, 'data', 'README.md')]);
  await expect(window.ask('project.open', { folder: folder!.id })).rejects.toThrow(/holds no project/);
  await expect(window.ask('project.open', { folder: file!.id })).rejects.toThrow(/is a file: open the folder/);
  await expect(window.ask('project.open', { folder: 'f123' })).rejects.toThrow(/not open here any more/);
  await expect(window.ask('project.save', { draft: {} })).rejects.toThrow(/No project is open/);
  expect(readdirSync(resources)).not.toContain('.lock');
});

test.each([
  ['not JSON', (text: string) => text.slice(0, text.length / 2), {}],
  ['a list', () => '[1, 2]', {}],
  ['a wrong field', (text: string) => text.replace('"view": {', '"view": 3, "was": {'), { seed: 5 }],
])('a damaged project (%s) gives what can be read, and is kept', async (_, damage, draft) => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'hurt' });
  await window.ask('project.save', { draft: { seed: 5 } });
  await window.ask('project.close', {});
  const text = damage(readFileSync(join(folder, 'project.json'), 'utf8'));
  writeFileSync(join(folder, 'project.json'), text);
  const [entry] = await at.host.grant([folder]);
  expect(await window.ask('project.open', { folder: entry!.id })).toMatchObject({ name: 'hurt', draft });
  await window.until(() => window.heard('notice').some(({ message }) => /was damaged and is kept as/.test(message)));
  await window.ask('project.close', {});
  const kept = readdirSync(folder).find((name) => name.startsWith('project.damaged-'))!;
  expect(readFileSync(join(folder, kept), 'utf8')).toBe(text);
  expect(fileIn(folder)).toMatchObject({ format: 'ergodic-project-1', draft });
});

test('a project of a newer version is left alone', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'new' });
  await window.ask('project.close', {});
  const text = '{"format": "ergodic-project-2"}';
  writeFileSync(join(folder, 'project.json'), text);
  const [entry] = await at.host.grant([folder]);
  await expect(window.ask('project.open', { folder: entry!.id })).rejects.toThrow(/newer version/);
  expect(readFileSync(join(folder, 'project.json'), 'utf8')).toBe(text);
  expect(existsSync(join(folder, '.lock'))).toBe(false);
});

test('the sample is a project of its own, complete, and can be moved', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const project = await window.ask('project.sample', {});
  expect(project).toMatchObject({ name: 'Alanine dipeptide', isSample: true });
  expect(project.files.map(({ name, missing }) => [name, missing])).toEqual([
    ['topology.pdb', false],
    ['frames.xtc', false],
  ]);
  const { runs } = await window.ask('runs.list', {});
  expect(runs).toMatchObject([
    { name: 'alanine-dipeptide', finished: true, has: { model: true, samples: true, simulation: true, metrics: true } },
  ]);
  expect(runs[0]!.interrupted).toBeUndefined();
  expect(await window.ask('project.sample', {})).toMatchObject({ folder: `${project.folder} 2` });
  const texts = [fileIn(project.folder), readFileSync(join(project.folder, 'runs', runs[0]!.id, 'run.json'), 'utf8')];
  expect(JSON.stringify(texts)).not.toContain(at.home);

  renameSync(project.folder, at.in('moved'));
  const [entry] = await at.host.grant([at.in('moved')]);
  const moved = await window.ask('project.open', { folder: entry!.id });
  expect(moved.files.every(({ missing }) => !missing)).toBe(true);
  for (const { id } of moved.files) expect(at.host.pathOf(id)).toContain(at.in('moved'));
});

test('a project that is open here already is not opened a second time', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'here' });
  await window.ask('project.save', { draft: { seed: 3 } });
  const [entry, file] = await at.host.grant([folder, join(folder, 'project.json')]);
  const told = window.heard('project.changed').length;
  for (const { id } of [entry!, file!]) {
    expect(await window.ask('project.open', { folder: id })).toMatchObject({ folder, draft: { seed: 3 } });
  }
  expect(window.heard('project.changed')).toHaveLength(told);
});

test('a list of jobs that cannot be read does not vanish at the next change: it is kept, with a word about it', async () => {
  await using at = await temporaryHost();
  const window = at.window();
  const { folder } = await window.ask('project.create', { name: 'jobs' });
  await window.ask('project.close', {});
  const [entry] = await at.host.grant([folder]);
  const path = join(folder, 'jobs.json');
  const keptTexts = () =>
    readdirSync(folder)
      .filter((name) => name.startsWith('jobs.damaged-'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  const damaged = ['{', '{"format": "ergodic-jobs-1", "jobs": [{"id": "x"}], "exported": []}'];
  for (const [count, text] of damaged.entries()) {
    writeFileSync(path, text);
    await window.ask('project.open', { folder: entry!.id });
    expect((await window.ask('jobs.list', {})).jobs).toEqual([]);
    await window.ask('project.close', {});
    expect(keptTexts().sort()).toEqual(damaged.slice(0, count + 1).sort());
  }
  const heard = (words: string) => window.heard('notice').filter(({ message }) => message.includes(words));
  expect(heard('the list of jobs starts empty')).toHaveLength(1);
  expect(heard('One job in')).toHaveLength(1);
  // What the system will not read is not "no jobs" either.
  rmSync(path, { force: true });
  mkdirSync(path);
  writeFileSync(join(path, 'inside'), 'still here');
  await window.ask('project.open', { folder: entry!.id });
  expect(heard('is a folder where a file was expected')).toHaveLength(1);
  const aside = readdirSync(folder).find(
    (name) => name.startsWith('jobs.damaged-') && existsSync(join(folder, name, 'inside')),
  );
  expect(readFileSync(join(folder, aside!, 'inside'), 'utf8')).toBe('still here');
});
