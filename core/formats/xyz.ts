/**
 * XYZ, plain and extended: number of atoms, a comment, a line per atom; frame after frame. Positions are Å, and in
 * extended XYZ energies eV, forces eV/Å, velocities Å/fs, times fs: nothing in a file says so, but ASE, QUIP, GPUMD and
 * the data sets written with them agree. A cell is there with `Lattice`, unless `pbc` denies it.
 * Every atom is in one residue, and there are no bonds. Numbers are float64, as a file may have any number of digits.
 * Only where frames begin is kept: they are read again from the file. Writing: xyz/writer.ts.
 */
import { ErgodicError } from '../errors.ts';
import { elementBySymbol } from '../systems/elements.ts';
import type { Topology } from '../systems/topology.ts';
import { ANGSTROM, ELECTRONVOLT, FEMTOSECOND } from '../units.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeText } from './byte-text.ts';
import { type Line, scanLines } from './lines.ts';
import { oneMolecule } from './one-molecule.ts';
import type { Frame, OpenOptions, Problem, StructureFile } from './trajectory.ts';
import { AtomLine } from './xyz/atom-line.ts';
import { headingOf, type XyzHeading } from './xyz/comment.ts';
import { XyzFrames, type XyzIndex } from './xyz/frames.ts';
import { elementOfLabel } from './xyz/label.ts';

export { xyzWriter } from './xyz/writer.ts';

const FORCE = ELECTRONVOLT / ANGSTROM;
const VELOCITY = ANGSTROM / FEMTOSECOND;
/** √(eV·amu) over amu, nm/ps: 1 kJ/mol is 1 amu·nm²/ps². */
const MOMENTUM_PER_MASS = Math.sqrt(ELECTRONVOLT);
/** Å to nm by shifting the decimal point, which is exact. */
const SHIFT = -1;

export async function openXyz(source: ByteSource, options: OpenOptions = {}): Promise<StructureFile> {
  const { signal, progress } = options;
  const scan = new XyzFrames(source.name, source.size);
  await scanLines(source, (line) => scan.line(line), { signal, progress });
  const found = scan.finish();
  const first = await readFrame(source, found, 0);
  const topology = topologyOf(found.labels, first.masses);
  const masses = topology.atoms.map(({ element, mass }) => mass ?? elementBySymbol(element)?.mass ?? Number.NaN);
  const problems: Problem[] = [...found.problems];
  const weightless = first.momenta ? masses.findIndex((mass) => !(mass > 0)) : -1;
  if (weightless >= 0) {
    const message = `\`${source.name}\` has momenta, but atom ${weightless} (${found.labels[weightless]}) has no mass: there are no velocities.`;
    problems.push({ message });
  }
  const frames = found.index.length - 1;
  const atoms = found.labels.length;
  const frame = async (index: number): Promise<Frame> => {
    if (!(Number.isInteger(index) && index >= 0 && index < frames)) {
      throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${index}.`);
    }
    return finished(await readFrame(source, found, index), masses);
  };
  const { velocities, forces, cell } = finished(first, masses);
  const holds = { velocities: velocities !== undefined, forces: forces !== undefined, cell: cell !== undefined };
  const trajectory = { format: 'XYZ', atoms, frames, problems, holds, frame };
  return { topology, trajectory, problems };
}

function topologyOf(labels: readonly string[], masses: Float64Array | undefined): Topology {
  const atoms = labels.map((label, i) => {
    const element = elementOfLabel(label);
    const mass = masses?.[i];
    const name = /^\d+$/.test(label) && element ? element : label;
    return { name, element, ...(mass === undefined ? {} : { mass }) };
  });
  return oneMolecule(atoms);
}

interface ReadFrame {
  readonly heading: XyzHeading;
  readonly positions: Float64Array;
  /** nm/ps. */
  readonly velocities?: Float64Array;
  /** √(eV·amu). */
  readonly momenta?: Float64Array;
  readonly forces?: Float64Array;
  /** amu. */
  readonly masses?: Float64Array;
}

async function readFrame(source: ByteSource, { index, lines, labels }: XyzIndex, number: number): Promise<ReadFrame> {
  const atoms = labels.length;
  let reading: { frame: ReadFrame; words: AtomLine } | undefined;
  let seen = 0;
  const fail = (what: string): never => {
    const line = lines[number]! + seen;
    throw new ErgodicError(`Frame ${number} of \`${source.name}\` cannot be read: ${what} (line ${line}).`);
  };
  const visit = (line: Line): boolean => {
    const { bytes, start, end } = line;
    if (seen === 1) {
      const heading = headingOf(decodeText(bytes, start, end));
      if (typeof heading === 'string') return fail(heading);
      reading = { frame: emptyFrame(heading, atoms), words: new AtomLine(heading.columns.count) };
    } else if (seen > 1 && reading) {
      const { words } = reading;
      const wrong = words.take(line) ?? readAtom(reading.frame, words, seen - 2);
      if (wrong) return fail(wrong);
    }
    seen++;
    return seen < atoms + 2;
  };
  await scanLines(source, visit, { from: index[number]!, to: index[number + 1]! });
  if (!reading || seen < atoms + 2) throw new ErgodicError(`\`${source.name}\` has changed since it was opened.`);
  return reading.frame;
}

function emptyFrame(heading: XyzHeading, atoms: number): ReadFrame {
  const { velocities, momenta, forces, mass } = heading.columns;
  return {
    heading,
    positions: new Float64Array(3 * atoms),
    ...(velocities !== undefined && { velocities: new Float64Array(3 * atoms) }),
    ...(momenta !== undefined && { momenta: new Float64Array(3 * atoms) }),
    ...(forces !== undefined && { forces: new Float64Array(3 * atoms) }),
    ...(mass !== undefined && { masses: new Float64Array(atoms) }),
  };
}

/** What is wrong with the line, if anything. */
function readAtom(frame: ReadFrame, words: AtomLine, atom: number): string | undefined {
  const { columns } = frame.heading;
  const vector = (column: number | undefined, shift: number, factor: number, target: Float64Array | undefined) =>
    column === undefined || !target ? undefined : words.vector(column, shift, factor, target, 3 * atom);
  if (columns.mass !== undefined) frame.masses![atom] = words.number(columns.mass);
  return (
    vector(columns.positions, SHIFT, 1, frame.positions) ??
    vector(columns.velocities, 0, VELOCITY, frame.velocities) ??
    vector(columns.momenta, 0, 1, frame.momenta) ??
    vector(columns.forces, 0, FORCE, frame.forces)
  );
}

function finished({ heading, positions, momenta, ...read }: ReadFrame, masses: readonly number[]): Frame {
  const { cell, time, step, energy } = heading;
  const weighed = momenta && masses.every((mass) => mass > 0);
  const velocities =
    read.velocities ??
    (weighed ? momenta.map((p, i) => (p / masses[Math.floor(i / 3)]!) * MOMENTUM_PER_MASS) : undefined);
  return {
    positions,
    ...(velocities && { velocities }),
    ...(read.forces && { forces: read.forces }),
    ...(cell && { cell }),
    ...(time !== undefined && { time }),
    ...(step !== undefined && { step }),
    ...(energy !== undefined && { energy }),
  };
}
