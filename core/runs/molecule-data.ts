/**
 * The conformations a molecular run learns from: structures and trajectories are opened, atoms become beads, every
 * frame is made whole across its periodic cell, centred, and kept as float32. What was found goes into the run's
 * record, so that a trained model can be used without these files.
 */
import { ErgodicError } from '../errors.ts';
import { applyBeads, type BeadMapping, beadTopology, mapBeads } from '../systems/beads.ts';
import { withBonds } from '../systems/bonds.ts';
import { centre } from '../systems/centre.ts';
import { moleculesOf, unwrap } from '../systems/molecules.ts';
import type { Topology } from '../systems/topology.ts';
import type { DataSet } from './data-set.ts';
import {
  checkPair,
  framesOf,
  type OpenStructure,
  type OpenTrajectory,
  openStructure,
  openTrajectory,
} from './molecule-files.ts';
import type { MoleculeSpecification } from './parameters.ts';
import type { Task } from './task.ts';

export interface LoadedMolecule {
  readonly name: string;
  readonly use: 'train' | 'test';
  /** Of the beads. */
  readonly topology: Topology;
  /** nm, centred. */
  readonly data: DataSet;
}

type Source = MoleculeSpecification['sources'][number];

export async function loadMolecules(
  system: MoleculeSpecification,
  task: Task,
  say: (line: string) => void,
): Promise<LoadedMolecule[]> {
  const loaded: LoadedMolecule[] = [];
  for (const source of system.sources) loaded.push(await loadMolecule(source, system, task, say));
  return loaded;
}

/** `task` counts frames. */
export async function loadMolecule(
  { structure: path, trajectories: paths, use }: Source,
  system: Pick<MoleculeSpecification, 'beads' | 'groups' | 'stride'>,
  task: Task,
  say: (line: string) => void,
): Promise<LoadedMolecule> {
  await using structure = await openStructure(path!);
  for (const { message } of structure.problems) say(message);
  await using files = new AsyncDisposableStack();
  const trajectories: OpenTrajectory[] = [];
  if (paths.length === 0) trajectories.push(ownConformations(structure));
  for (const trajectoryPath of paths) {
    const trajectory = files.use(await openTrajectory(trajectoryPath, task));
    checkPair(structure, trajectory);
    for (const { message } of trajectory.reader.problems) say(message);
    trajectories.push(trajectory);
  }
  const count = trajectories.reduce((sum, { reader }) => sum + Math.ceil(reader.frames / system.stride), 0);
  if (count < 2) {
    throw new ErgodicError(`\`${paths[0] ?? path}\` holds ${count} frames, and at least 2 are needed to learn from.`);
  }
  const first = await trajectories[0]!.reader.frame(0);
  const topology = withBonds(structure.topology, first.positions, first.cell);
  const mapping = mapBeads(topology, system.groups.length > 0 ? { groups: system.groups } : system.beads);
  const beads = mapping.beads.length;
  if (beads < 2)
    throw new ErgodicError(`\`system.beads\` picks ${beads} atoms of \`${path}\`; a model needs at least 2.`);
  const values = await beadPositions(trajectories, topology, mapping, count, system.stride, task);
  return {
    name: stemOf(path!),
    use,
    topology: beadTopology(mapping),
    data: { dimension: 3 * beads, count, values },
  };
}

const ownConformations = ({ path, trajectory }: OpenStructure): OpenTrajectory => {
  if (trajectory) return { path, reader: trajectory, [Symbol.asyncDispose]: async () => undefined };
  throw new ErgodicError(`\`${path}\` says what the atoms are but not where: name its trajectories.`);
};

async function beadPositions(
  trajectories: readonly OpenTrajectory[],
  topology: Topology,
  mapping: BeadMapping,
  count: number,
  stride: number,
  task: Task,
): Promise<Float32Array> {
  const width = 3 * mapping.beads.length;
  const values = new Float32Array(count * width);
  const molecules = moleculesOf(topology);
  const row = new Float64Array(width);
  let done = 0;
  for (const trajectory of trajectories) {
    for await (const frame of framesOf(trajectory, stride, task)) {
      const atoms = Float64Array.from(frame.positions);
      if (frame.cell) unwrap(molecules, atoms, frame.cell);
      applyBeads(mapping, atoms, row);
      centre(row);
      checkFinite(row, trajectory, done);
      values.set(row, done * width);
      done++;
      if (done % 1000 === 0 || done === count) task.report({ done, total: count, unit: 'frames' });
    }
  }
  return values;
}

function checkFinite(row: Float64Array, { path }: OpenTrajectory, frame: number): void {
  if (row.every(Number.isFinite)) return;
  throw new ErgodicError(`\`${path}\`: a position in frame ${frame + 1} is not a finite number: leave that frame out.`);
}

/** The name of a file without folder and ending. */
export const stemOf = (path: string): string => path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
