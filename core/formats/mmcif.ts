/**
 * mmCIF (PDBx), the format of the Protein Data Bank, and the CIF of small molecules: atoms, cell, stated covalent bonds,
 * and one frame for each model. Fractional coordinates become Cartesian ones in the standard orientation of the cell.
 * Only where models begin is kept: frames are read again from the file.
 * Not here: symmetry (a problem says so where there is some), assemblies, and everything else a CIF can say.
 */
import { ErgodicError } from '../errors.ts';
import type { Cell } from '../systems/periodic/cell.ts';
import type { Topology } from '../systems/topology.ts';
import type { ByteSource } from './byte-source.ts';
import { type Line, scanLines } from './lines.ts';
import { CifParser } from './mmcif/cif-parser.ts';
import { FrameHandler } from './mmcif/frame-handler.ts';
import { StructureHandler } from './mmcif/structure-handler.ts';
import { sortedBonds } from './topology-builder.ts';
import type { Coordinates, Frame, OpenOptions, StructureFile } from './trajectory.ts';

export { type MmcifWriterOptions, mmcifWriter } from './mmcif/writer.ts';

export async function openMmcif(source: ByteSource, options: OpenOptions = {}): Promise<StructureFile> {
  const handler = new StructureHandler(source.name);
  await parse(source, new CifParser(source.name, handler), 0, source.size, options);
  handler.end(source.size);
  const { topology: unbound, indices } = handler.atoms.finish();
  const { bonds, missing } = handler.bonds.bonds(unbound, handler.atoms.labels);
  const topology: Topology = { ...unbound, bonds: sortedBonds(bonds) };
  const problems = [...handler.problems, ...handler.atoms.problems];
  if (missing > 0) {
    const message = `${missing} bonds of \`${source.name}\` are left out: they name atoms that are not there.`;
    problems.push({ message });
  }
  const cell = handler.cell();
  const { fractional, columns, singlePosition } = handler;
  const rowsOfModel = handler.atoms.rows;
  if (fractional && !cell) {
    throw new ErgodicError(`\`${source.name}\` has fractional coordinates, but no cell that they are parts of.`);
  }
  const atoms = topology.atoms.length;
  const index = Float64Array.from(handler.atoms.boundaries);
  const frames = index.length - 1;

  const frame = async (number: number): Promise<Frame> => {
    if (!(Number.isInteger(number) && number >= 0 && number < frames)) {
      throw new ErgodicError(`\`${source.name}\` has ${frames} frames; there is no frame ${number}.`);
    }
    let given: ArrayLike<number> | undefined = singlePosition;
    if (!given) {
      const rows = new FrameHandler(atoms, indices, columns, fractional);
      await parse(source, new CifParser(source.name, rows, rows.columns), index[number]!, index[number + 1]!, {});
      if (rows.faultyOffset !== undefined) {
        throw new ErgodicError(
          `Frame ${number} of \`${source.name}\` has an atom without coordinates (byte ${rows.faultyOffset}).`,
        );
      }
      if (rows.rows !== rowsOfModel) throw new ErgodicError(`\`${source.name}\` has changed since it was opened.`);
      given = rows.positions;
    }
    const positions = fractional ? cartesian(given, cell!) : nanometres(given);
    if (!positions.every(Number.isFinite)) {
      throw new ErgodicError(`Frame ${number} of \`${source.name}\` has coordinates beyond all measure.`);
    }
    return { positions, ...(cell ? { cell } : {}) };
  };

  const holds = { velocities: false, forces: false, cell: cell !== undefined };
  const format = fractional ? 'CIF' : 'mmCIF';
  return { topology, problems, trajectory: { format, atoms, frames, problems, holds, frame } };
}

async function parse(source: ByteSource, parser: CifParser, from: number, to: number, options: OpenOptions) {
  let last = 0;
  const visit = (line: Line): boolean => {
    last = line.number;
    parser.line(line);
    return true;
  };
  await scanLines(source, visit, { from, to, signal: options.signal, progress: options.progress });
  parser.end(to, last);
}

function nanometres(angstroms: ArrayLike<number>): Coordinates {
  const positions = new Float32Array(angstroms.length);
  for (let i = 0; i < positions.length; i++) positions[i] = angstroms[i]! / 10;
  return positions;
}

function cartesian(fractions: ArrayLike<number>, cell: Cell): Coordinates {
  const positions = new Float64Array(fractions.length);
  for (let i = 0; i < positions.length; i++) {
    const atom = i - (i % 3);
    const axis = i % 3;
    for (let side = 0; side < 3; side++) positions[i]! += fractions[atom + side]! * cell[3 * side + axis]!;
  }
  return positions;
}
