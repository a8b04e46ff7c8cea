/**
 * A project to measure with: a chain of beads held together by springs, as files that are dropped on the window, and a
 * small network that was trained on it for a moment. What it has learned is of no interest, how fast it moves is.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chainFrames, chainTopology, writeMolecule } from '../../core/runs/small-molecule.test-support.ts';
import type { Measured } from './with-window.ts';

const FRAMES = 200;
const NETWORK = { Width: '16', Layers: '1', Heads: '2', 'Head width': '8', Steps: '20', Batch: '2' };

export async function trainedChain({ workstation, home }: Measured, beads: number): Promise<void> {
  const { stage } = workstation;
  const folder = join(home, 'given');
  await mkdir(folder);
  const topology = chainTopology(new Array<string>(beads).fill('ALA'));
  const { structure, trajectories } = writeMolecule(join(folder, 'chain'), topology, chainFrames(beads, FRAMES, 1));
  await workstation.drop(structure, ...trajectories);
  await stage.getByText(`${beads} beads`).waitFor({ timeout: 60_000 });
  await workstation.go('Experts');
  await workstation.oneExpert();
  for (const [label, value] of Object.entries(NETWORK)) await stage.getByLabel(label, { exact: true }).fill(value);
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await workstation.finished(300_000);
}

/** What the only run of the only project took, s. */
export async function secondsOf(home: string, part: 'simulate'): Promise<number> {
  const [project] = await readdir(join(home, 'projects'));
  const runs = join(home, 'projects', project!, 'runs');
  const [run] = await readdir(runs);
  const record = JSON.parse(await readFile(join(runs, run!, 'run.json'), 'utf8')) as {
    seconds: Record<string, number>;
  };
  return record.seconds[part]!;
}

/** Until the jobs of the only project, as its folder tells them, are all over. */
export async function allOver(home: string): Promise<void> {
  const [project] = await readdir(join(home, 'projects'));
  for (;;) {
    const text = await readFile(join(home, 'projects', project!, 'jobs.json'), 'utf8');
    const { jobs } = JSON.parse(text) as { jobs: { state: string }[] };
    if (jobs.every(({ state }) => ['done', 'failed', 'cancelled'].includes(state))) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
