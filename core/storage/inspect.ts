/**
 * What is in a file: of molecules its headers and its first two frames, of toys (.npy, .csv) the shape of its array.
 * What is wrong with a file that can be opened all the same is told with the rest.
 */
import { ErgodicError } from '../errors.ts';
import { fewestDigits } from '../formats/fewest-digits.ts';
import { extensionOf, moleculeFormat } from '../formats/molecule-formats.ts';
import { openArray } from '../formats/npz/number-array.ts';
import { decodeSamples } from '../formats/samples.ts';
import type { Frame, Problem, TrajectoryReader } from '../formats/trajectory.ts';
import { type CellShape, shapeOfCell } from '../systems/periodic/cell.ts';
import type { Topology } from '../systems/topology.ts';
import type { Task } from '../task.ts';
import { FileSource } from './file-source.ts';
import { openMolecule } from './molecule-files.ts';

export interface Inspection {
  readonly file: string;
  readonly format: string;
  /** Null where nobody says. */
  readonly atoms: number | null;
  readonly residues: number | null;
  readonly chains: readonly string[] | null;
  readonly frames: number;
  /** ps. */
  readonly firstTime: number | null;
  /** ps between the first two frames. */
  readonly timeStep: number | null;
  /** Of the first frame, nm and degrees. */
  readonly unitCell: CellShape | null;
  /** positions, velocities, forces, energies. */
  readonly holds: readonly string[];
  /** Of the array of a toy: samples × dimensions, or frames × replicas × dimensions. */
  readonly shape: readonly number[] | null;
  readonly bytes: number;
  readonly problems: readonly string[];
}

/** Relative errors of numbers that are subtracted, of single and of double precision. */
const SINGLE = 2 ** -22;
const DOUBLE = 2 ** -50;

/** Bytes. */
const LARGEST_TABLE = 2 ** 28;

export async function inspect(path: string, task: Task): Promise<Inspection> {
  const array = await inspectArray(path);
  if (array) return array;
  await using file = await openMolecule(path, task);
  const { format, bytes, topology, trajectory } = file;
  const problems = [...file.problems, ...(trajectory?.problems ?? [])].map(inWords);
  const [first, second] = trajectory ? await firstFrames(trajectory, problems) : [];
  const time = first?.time ?? null;
  return {
    file: path,
    format,
    atoms: topology?.atoms.length ?? trajectory?.atoms ?? null,
    residues: topology?.residues.length ?? null,
    chains: topology ? chainsOf(topology) : null,
    frames: trajectory?.frames ?? 0,
    firstTime: time === null ? null : timeBetween(0, time),
    timeStep: time === null || second?.time === undefined ? null : timeBetween(time, second.time),
    unitCell: first?.cell ? shapeOfCell(first.cell) : null,
    holds: trajectory ? heldBy(trajectory, first) : [],
    shape: null,
    bytes,
    problems: [...new Set(problems)],
  };
}

/** Of an array that is one number after the other. */
export const isPlain = (shape: readonly number[]): boolean => shape.slice(1).every((side) => side === 1);

async function firstFrames(trajectory: TrajectoryReader, problems: string[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  try {
    for (let i = 0; i < Math.min(2, trajectory.frames); i++) frames.push(await trajectory.frame(i));
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    problems.push(error.message);
  }
  return frames;
}

/** Of the first two frames, ps: null where they do not say when they are. */
export function timesOf(first: Frame, second: Frame | undefined): { first: number; step: number } | null {
  if (first.time === undefined || second?.time === undefined) return null;
  const times = { first: timeBetween(0, first.time), step: timeBetween(first.time, second.time) };
  return Number.isFinite(times.first) && Number.isFinite(times.step) ? times : null;
}

/** ps, as somebody would write it; null where a frame does not say. */
export const timeOf = ({ time }: Pick<Frame, 'time'>): number | null =>
  time !== undefined && Number.isFinite(time) ? timeBetween(0, time) : null;

/** Without the noise of the numbers that a file keeps times in. */
function timeBetween(first: number, second: number): number {
  const error = [first, second].every((time) => Math.fround(time) === time) ? SINGLE : DOUBLE;
  return fewestDigits(second - first, error * Math.max(Math.abs(first), Math.abs(second)));
}

const chainsOf = ({ chains }: Topology): string[] => [
  ...new Set(chains.map(({ id, segment }) => id || segment || '–')),
];

const heldBy = ({ holds }: TrajectoryReader, first: Frame | undefined): string[] => [
  'positions',
  ...(holds.velocities || first?.velocities ? ['velocities'] : []),
  ...(holds.forces || first?.forces ? ['forces'] : []),
  ...(first?.energy === undefined ? [] : ['energies']),
];

function inWords({ message, byte, line }: Problem): string {
  const place = line !== undefined ? `line ${line}` : byte !== undefined ? `byte ${byte}` : '';
  return message.includes(place) ? message : `${message.replace(/\.$/, '')} (${place}).`;
}

/** Undefined where it is no array of a toy: one of [frames, atoms, 3] is a molecule's. */
async function inspectArray(path: string): Promise<Inspection | undefined> {
  const extension = extensionOf(path);
  if (extension !== 'npy' && extension !== 'csv') {
    moleculeFormat(path);
    return undefined;
  }
  await using source = await FileSource.open(path);
  const { shape, problem, rows } = extension === 'npy' ? await openArray(source) : await readTable(source);
  if (extension === 'npy' && shape.length === 3 && shape[2] === 3) return undefined;
  return {
    file: path,
    format: extension.toUpperCase(),
    atoms: null,
    residues: null,
    chains: null,
    frames: rows,
    firstTime: null,
    timeStep: null,
    unitCell: null,
    holds: [],
    shape,
    bytes: source.size,
    problems: problem ? [inWords(problem)] : [],
  };
}

/** A table is a text, and is read whole to be counted. */
async function readTable(source: FileSource) {
  if (source.size > LARGEST_TABLE) {
    throw new ErgodicError(`\`${source.name}\` is a table too large to be read at once: save it as .npy.`);
  }
  const { shape } = decodeSamples(source.name, await source.read(0, source.size));
  return { shape, rows: shape[0]!, problem: undefined };
}
