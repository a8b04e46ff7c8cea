import { expect, it } from 'vitest';
import type { FileEntry } from '../../core/host/contract.ts';
import { ExportsStore } from './exports-store.svelte.ts';
import { hosted, until } from './hosted.test-support.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The exports of a window on the sample, whose shell remembers what it was given. */
async function exporting(workspace: Workspace, canReveal: boolean) {
  await workspace.openSample();
  await until(() => workspace.runs.current !== undefined);
  const given: string[] = [];
  const take = async ({ name }: FileEntry) => {
    given.push(name);
    return true;
  };
  const can = { ...workspace.shell.can, reveal: canReveal };
  const shell = {
    ...workspace.shell,
    can,
    fetchExport: take,
    reveal: async (file: FileEntry) => void (await take(file)),
  };
  const exports = new ExportsStore(workspace.client, shell, workspace.jobs);
  return { exports, given, run: workspace.runs.current!.id };
}

it('a browser gets a structure as a download when it is ready', async () => {
  await using window = await hosted();
  const { exports, given, run } = await exporting(await window.open(), false);
  await exports.start({ what: 'structures', run, set: 'samples', frames: [{ frame: 7 }] });
  expect(exports.busy).toBe(true);
  // The structure, and the table of where it was found.
  await until(() => given.length === 2);
  expect(given.map((name) => name.split('.').at(-1)).sort()).toEqual(['csv', 'pdb']);
  expect(exports.busy).toBe(false);
  expect(exports.files.map(({ name }) => name)).toEqual(given);
});

it('many files are shown and not poured out; they are downloaded when asked for', async () => {
  await using window = await hosted();
  const { exports, given, run } = await exporting(await window.open(), false);
  await exports.start({ what: 'figures', run });
  await until(() => exports.made.length > 3);
  expect(given).toEqual([]);
  await exports.fetch(exports.made.slice(0, 2));
  expect(given).toEqual(exports.made.slice(0, 2).map(({ name }) => name));
  exports.putAway();
  expect(exports.made).toEqual([]);
});

it('a desktop shows the file where it lies', async () => {
  await using window = await hosted();
  const { exports, given, run } = await exporting(await window.open(), true);
  await exports.start({ what: 'figures', run });
  await until(() => given.length > 0);
  expect(given).toHaveLength(1);
  expect(exports.made).toEqual([]);
});
