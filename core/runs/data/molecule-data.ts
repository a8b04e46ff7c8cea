/**
 * The conformations a molecular run learns from: structures and trajectories are opened, atoms become beads, every
 * frame is made whole across its periodic cell, centred, and kept as float32. What was found goes into the run's
 * record, so that a trained model can be used without these files. nm.
 */
import { ErgodicError } from '../../errors.ts';
import type { Frame } from '../../formats/trajectory.ts';
import type { MoleculeSpecification } from '../../specification/settings.ts';
import {
  checkPair,
  framesOf,
  type OpenStructure,
  type OpenTrajectory,
  openStructure,
  openTrajectory,
} from '../../storage/molecule-files.ts';
import { applyBeads, type BeadMapping, beadTopology, mapBeads } from '../../systems/beads.ts';
import { withBonds } from '../../systems/bonds.ts';
import { centre } from '../../systems/centre.ts';
import { gather, type Molecules, moleculesOf, moleculesWith, unwrap } from '../../systems/molecules.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import type { Topology } from '../../systems/topology.ts';
import type { Task } from '../../task.ts';
import { allocated, type DataSet } from './data-set.ts';

export interface LoadedMolecule {
  readonly name: string;
  readonly use: 'train' | 'test';
  /** Of the beads. */
  readonly topology: Topology;
  /** nm, centred. */
  readonly data: DataSet;
  /** Frames of each trajectory; time runs within one only. */
  readonly pieces: readonly number[];
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
  { beads, groups, stride }: Pick<MoleculeSpecification, 'beads' | 'groups' | 'stride'>,
  task: Task,
  say: (line: string) => void,
): Promise<LoadedMolecule> {
  await using files = new AsyncDisposableStack();
  const structure = files.use(await openStructure(path!, task));
  for (const { message } of structure.problems) say(message);
  const trajectories: OpenTrajectory[] = [];
  if (paths.length === 0) trajectories.push(ownConformations(structure));
  for (const trajectoryPath of paths) {
    const trajectory = files.use(await openTrajectory(trajectoryPath, task));
    checkPair(structure, trajectory);
    for (const { message } of trajectory.reader.problems) say(message);
    trajectories.push(trajectory);
  }
  const pieces = trajectories.map(({ reader }) => Math.ceil(reader.frames / stride));
  const count = pieces.reduce((sum, frames) => sum + frames, 0);
  if (count < 2) throw tooFew(trajectories, count, stride);
  const first = await trajectories.find(({ reader }) => reader.frames > 0)!.reader.frame(0);
  const topology = withBonds(structure.topology, first.positions, first.cell);
  const mapping = mapBeads(topology, groups.length > 0 ? { groups } : beads);
  if (mapping.beads.length < 2) {
    const key = groups.length > 0 ? 'system.groups' : 'system.beads';
    throw new ErgodicError(`\`${key}\` makes one bead only of \`${path}\`; a model needs at least 2.`);
  }
  const values = await beadPositions(trajectories, topology, mapping, count, stride, task);
  return {
    name: stemOf(path!),
    use,
    topology: beadTopology(mapping),
    data: { dimension: 3 * mapping.beads.length, count, values },
    pieces,
  };
}

const ownConformations = ({ path, trajectory }: OpenStructure): OpenTrajectory => {
  if (trajectory) return { path, reader: trajectory, [Symbol.asyncDispose]: async () => undefined };
  throw new ErgodicError(`\`${path}\` says what the atoms are but not where: name its trajectories.`);
};

function tooFew(trajectories: readonly OpenTrajectory[], count: number, stride: number): ErgodicError {
  const [first, ...others] = trajectories.map(({ path }) => `\`${path}\``);
  const files = others.length > 0 ? `${first} and ${others.length} more together hold` : `${first} holds`;
  const frames = `${count === 0 ? 'no frame' : 'one frame'}${stride > 1 ? ` to use at a \`system.stride\` of ${stride}` : ''}`;
  return new ErgodicError(`${files} ${frames}, and at least 2 are needed.`);
}

async function beadPositions(
  trajectories: readonly OpenTrajectory[],
  topology: Topology,
  mapping: BeadMapping,
  count: number,
  stride: number,
  task: Task,
): Promise<Float32Array> {
  const width = 3 * mapping.beads.length;
  const values = allocated(count * width, 'The conformations', 'use a larger `system.stride`, or fewer beads');
  const read = beadReader(topology, mapping);
  const row = new Float64Array(width);
  let done = 0;
  for (const { path, reader } of trajectories) {
    let frame = 0;
    for await (const found of framesOf({ reader }, stride, task)) {
      read(found, row, { path, frame });
      values.set(row, done * width);
      frame += stride;
      done++;
      if (done % 1000 === 0 || done === count) task.report({ done, total: count, unit: 'frames' });
    }
  }
  return values;
}

/** Where the beads are in a frame, made whole and centred, nm: written into `row`. `place` is for the error sentence. */
export function beadReader(
  topology: Topology,
  mapping: BeadMapping,
): (frame: Pick<Frame, 'positions' | 'cell'>, row: Float64Array, place: { path: string; frame: number }) => void {
  const molecules = moleculesOfBeads(topology, mapping);
  const atoms = new Float64Array(3 * topology.atoms.length);
  return ({ positions, cell }, row, { path, frame }) => {
    atoms.set(positions);
    if (cell) makeWhole(molecules, atoms, cell);
    applyBeads(mapping, atoms, row);
    centre(row);
    if (!row.every(Number.isFinite)) throw notFinite(path, frame);
  };
}

/** `frame`: counted from 0. */
export const notFinite = (path: string, frame: number): ErgodicError =>
  new ErgodicError(`\`${path}\`: a position in frame ${frame + 1} is not a finite number: leave that frame out.`);

/**
 * The molecules that beads are made of. Where the bonds between atoms do not hold beads together that are bonded (Cα
 * atoms alone), those between beads do.
 */
function moleculesOfBeads(topology: Topology, { beads, bonds }: BeadMapping): Molecules {
  const byAtoms = moleculesOf(topology);
  const owner = new Uint32Array(topology.atoms.length);
  for (let molecule = 0; molecule + 1 < byAtoms.begin.length; molecule++) {
    for (const place of byAtoms.members.subarray(byAtoms.begin[molecule]!, byAtoms.begin[molecule + 1]!)) {
      owner[place] = molecule;
    }
  }
  const links = bonds
    .map(([a, b]) => [beads[a]!.atoms[0]!, beads[b]!.atoms[0]!] as const)
    .filter(([i, j]) => owner[i] !== owner[j]);
  const all = links.length > 0 ? moleculesOf({ ...topology, bonds: [...topology.bonds, ...links] }) : byAtoms;
  return moleculesWith(
    all,
    beads.flatMap((bead) => bead.atoms),
  );
}

/** Several molecules are gathered around the first, so that they do not jump through the cell one by one. */
export function makeWhole(molecules: Molecules, positions: Float32Array | Float64Array, cell: Cell): void {
  unwrap(molecules, positions, cell);
  if (molecules.begin.length <= 2) return;
  const first = molecules.members.subarray(0, molecules.begin[1]);
  const middle = [0, 0, 0].map((_, axis) => first.reduce((sum, i) => sum + positions[3 * i + axis]!, 0) / first.length);
  gather(molecules, positions, cell, middle);
}

/** The name of a file without folder and ending. */
export const stemOf = (path: string): string => path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
