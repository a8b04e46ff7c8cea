/**
 * What is in a file of molecules: its headers and its first two frames, nothing more.
 */
import { moleculeFormat } from '../formats/molecule-formats.ts';
import type { Problem, TrajectoryReader } from '../formats/trajectory.ts';
import { type CellShape, shapeOfCell } from '../systems/cell.ts';
import type { Topology } from '../systems/topology.ts';
import { FileSource } from './file-source.ts';
import { openStructure, openTrajectory } from './molecule-files.ts';
import type { Task } from './task.ts';

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
  /** Beside positions: velocities, forces, energies. */
  readonly holds: readonly string[];
  readonly bytes: number;
  readonly problems: readonly string[];
}

export async function inspect(path: string, task: Task): Promise<Inspection> {
  const format = moleculeFormat(path);
  if (!format.openStructure) {
    await using trajectory = await openTrajectory(path, task);
    return described(path, format.name, undefined, trajectory.reader, []);
  }
  await using structure = await openStructure(path, task);
  return described(path, format.name, structure.topology, structure.trajectory, structure.problems);
}

async function described(
  path: string,
  format: string,
  topology: Topology | undefined,
  reader: TrajectoryReader | undefined,
  problems: readonly Problem[],
): Promise<Inspection> {
  const [first, second] = [
    reader && reader.frames > 0 ? await reader.frame(0) : undefined,
    reader && reader.frames > 1 ? await reader.frame(1) : undefined,
  ];
  const time = first?.time ?? null;
  const holds = [
    ...(first?.velocities ? ['velocities'] : []),
    ...(first?.forces ? ['forces'] : []),
    ...(first?.energy === undefined ? [] : ['energies']),
  ];
  await using source = await FileSource.open(path);
  const found = new Set([...problems, ...(reader?.problems ?? [])].map(inWords));
  return {
    file: path,
    format: reader?.format ?? format,
    atoms: topology?.atoms.length ?? reader?.atoms ?? null,
    residues: topology?.residues.length ?? null,
    chains: topology ? [...new Set(topology.chains.map(({ id, segment }) => id || segment || '–'))] : null,
    frames: reader?.frames ?? 0,
    firstTime: time,
    timeStep: time !== null && second?.time !== undefined ? second.time - time : null,
    unitCell: first?.cell ? shapeOfCell(first.cell) : null,
    holds,
    bytes: source.size,
    problems: [...found],
  };
}

function inWords({ message, byte, line }: Problem): string {
  const place = line !== undefined ? ` (line ${line})` : byte !== undefined ? ` (byte ${byte})` : '';
  return message.includes(place.slice(2, -1)) ? message : `${message}${place}`;
}
