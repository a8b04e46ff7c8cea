/**
 * The conformations a molecular run learns from: structures and trajectories are opened, atoms become beads, every
 * frame is made whole across its periodic cell, centred, and kept as float32, with forces and energies if they are asked
 * for. What was found goes into the run's record, so that a trained model can be used without these files. nm, kJ/mol.
 */
import { ErgodicError } from '../../errors.ts';
import type { Frame } from '../../formats/trajectory.ts';
import { type ColumnName, missingColumn } from '../../models/columns.ts';
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
import { beadForceReader } from './bead-forces.ts';
import { allocated, type DataSet } from './data-set.ts';
import { frameWithout, notFinite } from './frame-faults.ts';
import { frameWeights } from './frame-weights.ts';

export interface LoadedMolecule {
  readonly name: string;
  readonly use: 'train' | 'test';
  /** Of the beads. */
  readonly topology: Topology;
  /** nm, centred. */
  readonly data: DataSet;
  /** The last frames, which are in nothing else here, where some are set apart for testing. */
  readonly test?: DataSet;
  /** On the beads, kJ/(mol·nm), where they were asked for. */
  readonly forces?: Float32Array;
  /** Potential energies of all atoms from their mean, kJ/mol, where they were asked for. */
  readonly energies?: Float32Array;
  /** Of its frames, where there is a file of them. */
  readonly weights?: Float32Array;
  /** Frames of each trajectory; time runs within one only. */
  readonly pieces: readonly number[];
}

type Source = MoleculeSpecification['sources'][number];

/** `columns`: those that the molecules with `use: train` must have. */
export async function loadMolecules(
  system: MoleculeSpecification,
  task: Task,
  say: (line: string) => void,
  columns: readonly ColumnName[] = [],
): Promise<LoadedMolecule[]> {
  const loaded: LoadedMolecule[] = [];
  for (const source of system.sources) {
    const isTrained = source.use === 'train';
    const molecule = await loadMolecule(source, system, task, say, isTrained ? columns : []);
    loaded.push(isTrained ? testApart(molecule, system.test) : molecule);
  }
  return loaded;
}

/** With the last frames of a molecule set apart. */
function testApart(molecule: LoadedMolecule, fraction: number): LoadedMolecule {
  const { data, forces, energies, pieces } = molecule;
  const { dimension, count, values } = data;
  const kept = count - Math.round(fraction * count);
  if (kept === count) return molecule;
  if (kept < 2 || count - kept < 2) {
    throw new ErgodicError(
      `\`${molecule.name}\` has ${count} frames, too few to set \`system.test: ${fraction}\` of them apart: give it more, or set it to 0.`,
    );
  }
  let left = kept;
  const keptOf = (frames: number) => {
    const own = Math.min(frames, left);
    left -= own;
    return own;
  };
  return {
    ...molecule,
    data: { dimension, count: kept, values: values.subarray(0, kept * dimension) },
    test: { dimension, count: count - kept, values: values.subarray(kept * dimension) },
    ...(forces ? { forces: forces.subarray(0, kept * dimension) } : {}),
    ...(energies ? { energies: energies.subarray(0, kept) } : {}),
    pieces: pieces.map(keptOf).filter((frames) => frames > 0),
  };
}

/** The files of a molecule, open, and how its atoms become beads. */
export interface OpenSource {
  readonly trajectories: readonly OpenTrajectory[];
  /** Of the atoms, with bonds. */
  readonly topology: Topology;
  readonly mapping: BeadMapping;
  /** Frames that are used of each trajectory. */
  readonly pieces: readonly number[];
}

/** Reads headers and one frame; `files` closes what it opens. */
export async function openSource(
  files: AsyncDisposableStack,
  { structure: path, trajectories: paths }: Source,
  { beads, groups, stride }: Pick<MoleculeSpecification, 'beads' | 'groups' | 'stride'>,
  task: Task,
  say: (line: string) => void,
): Promise<OpenSource> {
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
    throw new ErgodicError(`\`${key}\` selects only one bead of \`${path}\`; a model needs at least 2.`);
  }
  return { trajectories, topology, mapping, pieces };
}

/** `task` counts frames. Forces and energies are read if `columns` has them; a file without is an error. */
export async function loadMolecule(
  own: Source,
  system: Pick<MoleculeSpecification, 'beads' | 'groups' | 'stride' | 'forceMap'>,
  task: Task,
  say: (line: string) => void,
  columns: readonly ColumnName[] = [],
): Promise<LoadedMolecule> {
  await using files = new AsyncDisposableStack();
  const { trajectories, topology, mapping, pieces } = await openSource(files, own, system, task, say);
  const { stride, forceMap } = system;
  const count = pieces.reduce((sum, frames) => sum + frames, 0);
  const source = { trajectories, topology, mapping, count, stride };
  const wanted = {
    forceMap: columns.includes('forces') ? forceMap : undefined,
    energies: columns.includes('energies'),
  };
  const { values, forces, energies } = await beadColumns(source, wanted, task);
  const weights = own.weights === null ? undefined : await frameWeights(own.weights, { trajectories, stride, count });
  return {
    name: stemOf(own.structure!),
    use: own.use,
    topology: beadTopology(mapping),
    data: { dimension: 3 * mapping.beads.length, count, values },
    ...(forces ? { forces } : {}),
    ...(energies ? { energies } : {}),
    ...(weights ? { weights } : {}),
    pieces,
  };
}

const ownConformations = ({ path, trajectory }: OpenStructure): OpenTrajectory => {
  if (trajectory) return { path, reader: trajectory, [Symbol.asyncDispose]: async () => undefined };
  throw new ErgodicError(`\`${path}\` has no coordinates: add its trajectories.`);
};

function tooFew(trajectories: readonly OpenTrajectory[], count: number, stride: number): ErgodicError {
  const [first, ...others] = trajectories.map(({ path }) => `\`${path}\``);
  const files = others.length > 0 ? `${first} and ${others.length} more together hold` : `${first} holds`;
  const frames = `${count === 0 ? 'no frame' : 'one frame'}${stride > 1 ? ` to use at a \`system.stride\` of ${stride}` : ''}`;
  return new ErgodicError(`${files} ${frames}, and at least 2 are needed.`);
}

interface BeadSource {
  readonly trajectories: readonly OpenTrajectory[];
  readonly topology: Topology;
  readonly mapping: BeadMapping;
  /** Frames in all. */
  readonly count: number;
  readonly stride: number;
}

interface Wanted {
  /** Undefined where forces are not wanted. */
  readonly forceMap: MoleculeSpecification['forceMap'] | undefined;
  readonly energies: boolean;
}

async function beadColumns(source: BeadSource, wanted: Wanted, task: Task) {
  const { trajectories, topology, mapping, count, stride } = source;
  const width = 3 * mapping.beads.length;
  const remedy = 'use a larger `system.stride`, or fewer beads';
  const values = allocated(count * width, 'The conformations', remedy);
  const read = beadReader(topology, mapping);
  const forces = wanted.forceMap && allocated(count * width, 'The forces', remedy);
  const readForces = wanted.forceMap && (await beadForceReader(source, wanted.forceMap, task));
  const energies = wanted.energies ? await roomForEnergies(trajectories, count) : undefined;
  const [row, forceRow] = [new Float64Array(width), new Float64Array(width)];
  let done = 0;
  for (const { path, reader } of trajectories) {
    let frame = 0;
    for await (const found of framesOf({ reader }, stride, task)) {
      read(found, row, { path, frame });
      values.set(row, done * width);
      readForces?.(found, row, forceRow, { path, frame });
      forces?.set(forceRow, done * width);
      if (energies) energies[done] = energyIn(found, { path, frame });
      frame += stride;
      done++;
      if (done % 1000 === 0 || done === count) task.report({ done, total: count, unit: 'frames' });
    }
  }
  return { values, forces, energies: energies && fromMean(energies) };
}

/** Checks all files first, so that a long read does not fail at its last file. */
async function roomForEnergies(trajectories: readonly OpenTrajectory[], count: number): Promise<Float64Array> {
  const without: string[] = [];
  for (const { path, reader } of trajectories) {
    if (reader.frames > 0 && (await reader.frame(0)).energy === undefined) without.push(path);
  }
  if (without.length > 0) throw missingColumn('energies', without);
  return new Float64Array(count);
}

function energyIn({ energy }: Pick<Frame, 'energy'>, { path, frame }: { path: string; frame: number }): number {
  if (energy === undefined) throw frameWithout(path, frame, 'energy');
  if (!Number.isFinite(energy)) throw notFinite(path, frame, 'the energy');
  return energy;
}

/** Quantum-chemical total energies are a million kT from zero, where float32 does not resolve kT. */
function fromMean(energies: Float64Array): Float32Array {
  let mean = 0;
  for (const energy of energies) mean += energy / energies.length;
  return Float32Array.from(energies, (energy) => energy - mean);
}

/** Writes the positions of the beads in a frame, made whole and centred, nm, into `row`. `at` is for the error. */
export function beadReader(
  topology: Topology,
  mapping: BeadMapping,
): (frame: Pick<Frame, 'positions' | 'cell'>, row: Float64Array, at: { path: string; frame: number }) => void {
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

/**
 * The molecules that beads are made of. Where the bonds between atoms do not hold beads together that are bonded (Cα
 * atoms alone), those between beads do.
 */
function moleculesOfBeads(topology: Topology, { beads, bonds }: BeadMapping): Molecules {
  const byAtoms = moleculesOf(topology);
  const owner = new Uint32Array(topology.atoms.length);
  for (let molecule = 0; molecule + 1 < byAtoms.begin.length; molecule++) {
    for (const atom of byAtoms.members.subarray(byAtoms.begin[molecule]!, byAtoms.begin[molecule + 1]!)) {
      owner[atom] = molecule;
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

/** Several molecules are gathered around the first, so that they do not cross the cell one by one. */
export function makeWhole(molecules: Molecules, positions: Float32Array | Float64Array, cell: Cell): void {
  unwrap(molecules, positions, cell);
  if (molecules.begin.length <= 2) return;
  const first = molecules.members.subarray(0, molecules.begin[1]);
  const middle = [0, 0, 0].map((_, axis) => first.reduce((sum, i) => sum + positions[3 * i + axis]!, 0) / first.length);
  gather(molecules, positions, cell, middle);
}

/** The name of a file without folder and ending. */
export const stemOf = (path: string): string => path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '');
