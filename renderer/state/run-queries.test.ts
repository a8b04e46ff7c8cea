import { expect, it } from 'vitest';
import { hosted, until } from './hosted.test-support.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The sample with its run, asked about as a stage would. */
async function asked(workspace: Workspace): Promise<string> {
  await workspace.openSample();
  await until(() => workspace.runs.current !== undefined);
  const { id } = workspace.runs.current!;
  workspace.results.want(id);
  workspace.details.want(id);
  await until(() => workspace.results.of(id)?.state === 'there' && workspace.details.of(id)?.state === 'there');
  return id;
}
const samplesOf = (workspace: Workspace, run: string) =>
  workspace.results.of(run)?.answer?.distributions.find(({ set }) => set === 'samples')?.count;

it('an answer is asked for once and kept; it grows old when the run changes, and is looked at until the next comes', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  const run = await asked(workspace);
  expect(samplesOf(workspace, run)).toBe(5000);
  const { answer } = workspace.results.of(run)!;
  workspace.results.want(run);
  expect(workspace.results.of(run)).toMatchObject({ state: 'there', answer });

  await workspace.jobs.add({ kind: 'sample', run, settings: { count: 200, solver: 'dpm', steps: 10 } });
  await until(() => workspace.results.of(run)?.state === 'old');
  expect(workspace.results.of(run)!.answer).toBe(answer);
  await until(() => workspace.jobs.open.length === 0);
  await until(() => {
    workspace.results.want(run);
    return workspace.results.of(run)?.state === 'there' && samplesOf(workspace, run) === 200;
  });
});

it('what cannot be answered is a sentence, and another project begins with nothing', async () => {
  await using window = await hosted();
  const workspace = await window.open();
  const run = await asked(workspace);
  workspace.results.want('no-such-run');
  await until(() => workspace.results.of('no-such-run')?.state === 'there');
  expect(workspace.results.of('no-such-run')!.problem).toMatch(/^[A-Z`].*\.$/);
  await workspace.createProject('Another');
  expect(workspace.results.of(run)).toBeUndefined();
  expect(workspace.details.of(run)).toBeUndefined();
});
