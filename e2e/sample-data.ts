/** Files as a person would have them: a part of the sample of alanine dipeptide, made by the product itself. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ergodic } from './command-line.ts';
import { projectRoot } from './served-host.ts';

const sample = join(projectRoot, 'resources/alanine-dipeptide');

/** The structure, and every `stride`-th frame of its trajectory. */
export async function smallTrajectory(folder: string, stride = 10): Promise<{ structure: string; trajectory: string }> {
  await mkdir(folder, { recursive: true });
  const structure = join(folder, 'topology.pdb');
  const trajectory = join(folder, 'frames.xtc');
  await copyFile(join(sample, 'topology.pdb'), structure);
  await ergodic('convert', structure, join(sample, 'frames.xtc'), trajectory, '--stride', `${stride}`);
  return { structure, trajectory };
}
