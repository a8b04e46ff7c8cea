/**
 * GRO, the text of GROMACS: title, number of atoms, atoms in columns, box; frame after frame. Lengths are nm, velocities
 * nm/ps. Columns of coordinates are as wide as the distance of the first two decimal points says. There are no chains:
 * all is one. Numbers beyond 99,999 begin again at 0 and are kept so. Only where frames begin is kept: they are read
 * again from the file. Writing: gro/writer.ts.
 */
import { ErgodicError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import { decodeText } from './byte-text.ts';
import { boxOf, GroColumns, groFault } from './gro/columns.ts';
import { GroFrames } from './gro/frames.ts';
import { type ScanOptions, scanLines } from './lines.ts';
import { timeOfTitle } from './title-time.ts';
import type { Coordinates, Frame, OpenOptions, StructureFile } from './trajectory.ts';

export { type GroWriterOptions, groWriter } from './gro/writer.ts';

/** Decimals of a nm up to which single precision loses nothing. */
const SINGLE_PRECISION = 4;

export async function openGro(source: ByteSource, options: OpenOptions = {}): Promise<StructureFile> {
  const known = await scanAgain(source, options);
  const { topology, columns, boundaries, problems, cell: firstCell } = known ?? (await scan(source, options));
  const atoms = topology.atoms.length;
  const index = known ? options.index! : Float64Array.from(boundaries);
  const frames = index.length - 1;
  const holds = { velocities: columns.velocities, forces: false, cell: firstCell !== undefined };

  const frame = async (number: number): Promise<Frame> => {
    if (!(Number.isInteger(number) && number >= 0 && number < frames)) {
      throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${number}.`);
    }
    let positions: Coordinates = new Float32Array();
    let velocities: Coordinates | undefined;
    let layout = columns;
    let cell = firstCell;
    let time = {};
    let lines = 0;
    await scanLines(
      source,
      (line) => {
        const { bytes, start, end } = line;
        const atom = lines - 2;
        lines++;
        if (atom === -2) time = timeOfTitle(decodeText(bytes, start, end));
        else if (atom === atoms) cell = boxOf(line)?.cell;
        else if (atom >= 0 && atom < atoms) {
          if (atom === 0) {
            layout = GroColumns.of(line) ?? layout;
            const Numbers = layout.decimals > SINGLE_PRECISION ? Float64Array : Float32Array;
            positions = new Numbers(3 * atoms);
            if (layout.velocities) velocities = new Numbers(3 * atoms);
          }
          const fault = layout.read(line, 3 * atom, positions, velocities);
          if (fault) throw groFault(source.name, fault, `byte ${line.offset}, frame ${number}`);
        }
        return atom < atoms;
      },
      { from: index[number]!, to: index[number + 1]! },
    );
    if (lines !== atoms + 3) throw new ErgodicError(`\`${source.name}\` has changed since it was opened.`);
    return { positions, ...(velocities ? { velocities } : {}), ...(cell ? { cell } : {}), ...time };
  };

  const precision = 10 ** columns.decimals;
  return { topology, problems, trajectory: { format: 'GRO', atoms, frames, problems, index, precision, holds, frame } };
}

async function scan(source: ByteSource, range: ScanOptions): Promise<ReturnType<GroFrames['finish']>> {
  const { signal, progress, to } = range;
  const frames = new GroFrames(source.name, source.size);
  await scanLines(source, (line) => frames.line(line), { signal, progress, ...(to === undefined ? {} : { to }) });
  return frames.finish();
}

/** With an earlier index of all of the file only the first frame is read; undefined where the index does not fit. */
async function scanAgain(source: ByteSource, { index, signal }: OpenOptions) {
  if (!index || index.length < 2 || index.at(-1) !== source.size) return undefined;
  if (!index.every((start, i) => Number.isSafeInteger(start) && (i === 0 || start > index[i - 1]!))) return undefined;
  try {
    const first = await scan(source, { to: index[1]!, signal });
    return first.boundaries[0] === index[0] && first.boundaries[1] === index[1] ? first : undefined;
  } catch (error) {
    if (error instanceof ErgodicError) return undefined;
    throw error;
  }
}
