/**
 * Trajectories as NumPy saves them: one array of [frames, atoms, 3] in an NPY file, or several arrays in an NPZ archive,
 * by name positions, velocities, forces, energies, cells, times, atomic numbers. They are read where they lie, but for
 * compressed members of an archive, which are inflated in memory. Units are stated by the caller (npz/dialect.ts); nm,
 * ps and kJ/mol otherwise. Which shapes: vectors [frames, atoms, 3], energies and times [frames] or [frames, 1], cells
 * [frames, 3, 3] or [3, 3], atomic numbers [atoms].
 */
import { ErgodicError } from '../errors.ts';
import { elementByNumber } from '../systems/elements.ts';
import type { Topology } from '../systems/topology.ts';
import type { ByteSource } from './byte-source.ts';
import { npyBody, npyHead } from './npy.ts';
import { type ArrayRole, candidates, doubtOfLength, type NpzUnits, type UnitFactors, unitsOf } from './npz/dialect.ts';
import { openArray, type StoredArray } from './npz/number-array.ts';
import { oneMolecule } from './one-molecule.ts';
import type { Coordinates, Frame, OpenOptions, Problem, TrajectoryReader, TrajectoryWriter } from './trajectory.ts';
import { openZipMember, readZipDirectory } from './zip.ts';

export type { NpzUnits } from './npz/dialect.ts';

export interface NpzOpenOptions extends OpenOptions, NpzUnits {}

type Arrays = { readonly [K in ArrayRole]?: StoredArray };
/** Positions first: the others have to fit them. */
const ROLES: readonly ArrayRole[] = ['positions', 'velocities', 'forces', 'energy', 'cell', 'time', 'numbers'];

export async function openNpyTrajectory(source: ByteSource, options: NpzOpenOptions = {}): Promise<TrajectoryReader> {
  options.signal?.throwIfAborted();
  const positions = await openArray(source);
  if (!isVectors(positions)) {
    throw new ErgodicError(
      `\`${source.name}\` holds an array of shape (${positions.shape.join(', ')}); ` +
        'a trajectory is one of (frames, atoms, 3).',
    );
  }
  return trajectoryOf('NPY', source.name, { positions }, unitsOf(new Set(), options), []);
}

export async function openNpzTrajectory(source: ByteSource, options: NpzOpenOptions = {}): Promise<TrajectoryReader> {
  const members = (await readZipDirectory(source)).filter(({ name }) => name.endsWith('.npy'));
  const byName = new Map(members.map((member) => [member.name.slice(0, -4), member]));
  const names = new Set(byName.keys());
  const arrays: { -readonly [K in ArrayRole]?: StoredArray } = {};
  const misfits: string[] = [];
  for (const role of ROLES) {
    for (const name of candidates(role, names)) {
      options.signal?.throwIfAborted();
      const array = await openArray(await openZipMember(source, byName.get(name)!));
      if (fits(role, array, arrays.positions)) {
        arrays[role] = array;
        break;
      }
      misfits.push(`\`${name}\` of shape (${array.shape.join(', ')})`);
    }
    if (role === 'positions' && !arrays.positions) throw noPositions(source.name, names, misfits);
  }
  const positions = arrays.positions!;
  const problems = misfits.map((misfit) => ({
    message: `${misfit} in \`${source.name}\` does not fit and is left out.`,
  }));
  const trajectory = await trajectoryOf(
    'NPZ',
    source.name,
    { ...arrays, positions },
    unitsOf(names, options),
    problems,
  );
  return arrays.numbers ? { ...trajectory, topology: await topologyOf(arrays.numbers) } : trajectory;
}

function noPositions(archive: string, names: ReadonlySet<string>, misfits: readonly string[]): ErgodicError {
  const list = misfits.length > 0 ? misfits : [...names].map((name) => `\`${name}\``);
  return new ErgodicError(
    `\`${archive}\` has no array of shape (frames, atoms, 3) that is called \`positions\`, \`xyz\`, \`coords\` or \`R\`; ` +
      `it has ${list.slice(0, 12).join(', ') || 'none at all'}.`,
  );
}

const isVectors = ({ shape }: StoredArray): boolean => shape.length === 3 && shape[2] === 3 && shape[1]! > 0;

function fits(role: ArrayRole, array: StoredArray, positions: StoredArray | undefined): boolean {
  const { shape, rows } = array;
  const [frames, atoms] = [positions?.rows ?? 0, positions?.shape[1]];
  const sides = shape.slice(1).join();
  switch (role) {
    case 'positions':
      return isVectors(array);
    case 'velocities':
    case 'forces':
      return isVectors(array) && shape[1] === atoms && rows >= frames;
    case 'energy':
    case 'time':
      return shape.length > 0 && (sides === '' || sides === '1') && rows >= frames;
    case 'cell':
      return shape.join() === '3,3' || (sides === '3,3' && rows >= frames);
    case 'numbers':
      return shape.join() === `${atoms}`;
  }
}

async function trajectoryOf(
  format: string,
  name: string,
  arrays: Arrays & { readonly positions: StoredArray },
  units: UnitFactors,
  problems: Problem[],
): Promise<TrajectoryReader> {
  const { positions, velocities, forces, energy, cell, time } = arrays;
  const frames = positions.rows;
  if (positions.problem) problems.push(positions.problem);
  const frame = async (index: number): Promise<Frame> => {
    if (!(Number.isInteger(index) && index >= 0 && index < frames)) {
      throw new ErgodicError(`\`${name}\` has ${frames} frames; there is no frame ${index}.`);
    }
    const numberOf = async (array: StoredArray) => (await array.read(index))[0]!;
    const vectors = cell && (await (cell.shape.length === 3 ? cell.read(index) : cell.read(0, 3)));
    const cellNumbers = vectors && Array.from(scaled(vectors, units.length));
    return {
      positions: scaled(await positions.read(index), units.length),
      ...(velocities && { velocities: scaled(await velocities.read(index), units.length) }),
      ...(forces && { forces: scaled(await forces.read(index), units.energy / units.length) }),
      ...(cellNumbers?.some((x) => x !== 0) && { cell: cellNumbers }),
      ...(time && { time: await numberOf(time) }),
      ...(energy && { energy: (await numberOf(energy)) * units.energy }),
    };
  };
  const first = frames > 0 ? await frame(0) : undefined;
  const doubt = first && doubtOfLength(first.positions, units);
  if (doubt) problems.push({ message: `The unit of \`${name}\` is in doubt: ${doubt}.` });
  return {
    format,
    atoms: positions.shape[1]!,
    frames,
    problems,
    holds: { velocities: velocities !== undefined, forces: forces !== undefined, cell: first?.cell !== undefined },
    frame,
  };
}

/** In place; by a division where that is exact. */
function scaled(values: Coordinates, factor: number): Coordinates {
  const inverse = 1 / factor;
  if (factor === 1) return values;
  for (let i = 0; i < values.length; i++) {
    values[i] = Number.isInteger(inverse) ? values[i]! / inverse : values[i]! * factor;
  }
  return values;
}

async function topologyOf(numbers: StoredArray): Promise<Topology> {
  const elements = Array.from(await numbers.read(0, numbers.rows), (number) => elementByNumber(number)?.symbol ?? '');
  return oneMolecule(elements.map((element) => ({ name: element || 'X', element })));
}

/** Positions in nm as float32; velocities, cells and whatever else a frame has are not kept. */
export function npyTrajectoryWriter({ atoms }: { readonly atoms: number }): TrajectoryWriter {
  if (!(Number.isSafeInteger(atoms) && atoms > 0)) {
    throw new ErgodicError(`A trajectory is of one atom or more, not ${atoms}.`);
  }
  let frames = 0;
  // The shape is padded to a multiple of 64 bytes, so that the number of frames fits in afterwards.
  return {
    head: () => npyHead([0, atoms, 3]),
    frame: ({ positions }) => {
      if (positions.length !== 3 * atoms) {
        throw new ErgodicError(`A frame of ${positions.length / 3} atoms cannot go into an NPY file of ${atoms}.`);
      }
      frames++;
      return npyBody(positions instanceof Float32Array ? positions.slice() : Float32Array.from(positions));
    },
    end: () => ({ tail: new Uint8Array(), patches: [{ offset: 0, bytes: npyHead([frames, atoms, 3]) }] }),
  };
}
