/**
 * A project to measure with: a chain of beads held together by springs, as files that are dropped on the window, and a
 * small network that was trained on it for a moment. What it has learned is of no interest, how fast it moves is.
 */
import { mkdir } from 'node:fs/promises';
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
