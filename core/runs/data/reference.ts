/**
 * Reference configurations from a file: an array for a toy; for a molecule a trajectory of its atoms, mapped to beads as
 * the training data were, or one of the beads themselves. Every frame is used. nm.
 */
import { ErgodicError } from '../../errors.ts';
import type { Specification } from '../../specification/settings.ts';
import { framesOf, openTrajectory } from '../../storage/molecule-files.ts';
import { moleculesOf } from '../../systems/molecules.ts';
import { symmetriesOf } from '../../systems/symmetry.ts';
import type { Follower } from '../follower.ts';
import { allocated, type DataSet } from './data-set.ts';
import { notFinite } from './frame-faults.ts';
import { loadMolecule, makeWhole } from './molecule-data.ts';
import { targetSource } from './molecule-record.ts';
import { dimensionOf, type RunSystem } from './run-system.ts';
import { inOneForm } from './symmetric-data.ts';
import { readDataSet } from './toy-data.ts';

interface Compared {
  readonly specification: Specification;
  readonly system: RunSystem;
}

/** Of a molecule whose like atoms are exchanged, each frame in one form, as the training data are compared. */
export async function readReference(path: string, compared: Compared, follower: Follower): Promise<DataSet> {
  const frames = await readFrames(path, compared, follower);
  const { topology } = compared.system;
  const own = compared.specification.system;
  if (own.kind !== 'molecule' || !topology || own.symmetries === 'none') return frames;
  return inOneForm(frames, symmetriesOf(topology));
}

async function readFrames(path: string, { specification, system }: Compared, follower: Follower): Promise<DataSet> {
  const { system: own } = specification;
  const { topology } = system;
  const dimension = dimensionOf(system);
  if (own.kind !== 'molecule' || !topology) return readDataSet(path, dimension);
  const task = follower.task('reading the reference');
  await using trajectory = await openTrajectory(path, task);
  const { reader } = trajectory;
  if (3 * reader.atoms !== dimension) {
    const source = { ...targetSource(own), trajectories: [path] };
    return (await loadMolecule(source, { ...own, stride: 1 }, task, (line) => follower.say(line))).data;
  }
  for (const { message } of reader.problems) follower.say(message);
  const count = reader.frames;
  if (count < 2) {
    const frames = count === 0 ? 'no frame' : 'one frame';
    throw new ErgodicError(`\`${path}\` has ${frames}; a reference needs at least 2.`);
  }
  const values = allocated(count * dimension, 'The reference', 'convert it with a larger `--stride` first');
  const molecules = moleculesOf(topology);
  let done = 0;
  for await (const { positions, cell } of framesOf(trajectory, 1, task)) {
    const beads = Float64Array.from(positions);
    if (cell) makeWhole(molecules, beads, cell);
    if (!beads.every(Number.isFinite)) throw notFinite(path, done);
    values.set(beads, done * dimension);
    done++;
    if (done % 1000 === 0 || done === count) task.report({ done, total: count, unit: 'frames' });
  }
  return { dimension, count, values };
}
