/**
 * Configurations to compare a run with, from a file of one's own: an array for a toy; for a molecule a trajectory of
 * its atoms, mapped to beads as its own data were, or one of the beads themselves.
 */
import type { DataSet } from './data-set.ts';
import type { Follower } from './follower.ts';
import { loadMolecule } from './molecule-data.ts';
import { openTrajectory } from './molecule-files.ts';
import { targetSource } from './molecule-system.ts';
import type { Specification } from './parameters.ts';
import { dimensionOf, type RunSystem } from './run-system.ts';
import { readDataSet } from './toy-data.ts';

export async function readReference(
  path: string,
  { specification, system }: { readonly specification: Specification; readonly system: RunSystem },
  follower: Follower,
): Promise<DataSet> {
  const { system: own } = specification;
  const dimension = dimensionOf(system);
  if (own.kind !== 'molecule') return readDataSet(path, dimension);
  const task = follower.task('reading the reference');
  const say = (line: string) => follower.say(line);
  await using trajectory = await openTrajectory(path, task);
  const { reader } = trajectory;
  if (3 * reader.atoms !== dimension) {
    const source = { ...targetSource(own), trajectories: [path] };
    return (await loadMolecule(source, own, task, say)).data;
  }
  const values = new Float32Array(reader.frames * dimension);
  for (let i = 0; i < reader.frames; i++) values.set((await reader.frame(i)).positions, i * dimension);
  return { dimension, count: reader.frames, values };
}
