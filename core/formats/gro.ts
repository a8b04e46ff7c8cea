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
import { scanLines } from './lines.ts';
import { timeOfTitle } from './title-time.ts';
import type { Coordinates, Frame, OpenOptions, StructureFile } from './trajectory.ts';

export { type GroWriterOptions, groWriter } from './gro/writer.ts';

/** Decimals of a nm up to which single precision loses nothing. */
const SINGLE_PRECISION = 4;

export async function openGro(source: ByteSource, options: OpenOptions = {}): Promise<StructureFile> {
  const { signal, progress } = options;
  const scan = new GroFrames(source.name, source.size);
  await scanLines(source, (line) => scan.line(line), { signal, progress });
  const { topology, columns, boundaries, problems, cell: firstCell } = scan.finish();
  const atoms = topology.atoms.length;
  const frames = boundaries.length - 1;
  const index = Float64Array.from(boundaries);
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

  return { topology, problems, trajectory: { format: 'GRO', atoms, frames, problems, index, holds, frame } };
}
