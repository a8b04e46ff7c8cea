/**
 * Writes PDB: all of a topology that the format has columns for, one model per frame once there are two, CONECT for
 * bonds that no reader knows from the names of residues. Numbers beyond their columns are in hybrid-36; whatever else
 * does not fit is an error, never cut off. Of a cell only the shape is written: the format has no orientation.
 */
import { ErgodicError } from '../../errors.ts';
import { type Cell, shapeOfCell } from '../../systems/periodic/cell.ts';
import type { Atom, Topology } from '../../systems/topology.ts';
import { ANGSTROM } from '../../units.ts';
import { titleOfTime } from '../title-time.ts';
import type { Frame, TrajectoryWriter } from '../trajectory.ts';
import { toHybrid36 } from './hybrid36.ts';
import { unimpliedBonds } from './implied-bonds.ts';

export interface PdbWriterOptions {
  readonly title?: string;
  /** How many there will be, where that is known: a single one needs no room for what would make it a model. */
  readonly frames?: number | undefined;
}

/** As long as the record that takes its place when a second frame comes. */
const NO_MODEL = 'REMARK'.padEnd(14);
const modelRecord = (number: number): string => `MODEL ${String(number).padStart(8)}`;
const UNIT_CELL: Cell = [ANGSTROM, 0, 0, 0, ANGSTROM, 0, 0, 0, ANGSTROM];

export function pdbWriter(topology: Topology, { title, frames: announced }: PdbWriterOptions = {}): TrajectoryWriter {
  const { atoms } = topology;
  const single = announced === 1;
  const { before, after, conect } = atomRecords(topology);
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  let frames = 0;
  let written = 0;
  let modelOffset = 0;
  let firstCell: string | undefined;

  const count = (bytes: Uint8Array): Uint8Array => {
    written += bytes.length;
    return bytes;
  };
  /** A frame without CRYST1 has the cell of the first one. */
  const cellRecord = (cell: Cell | undefined): string => {
    const record = cell ? `${crystal(cell)}\n` : '';
    if (frames === 0) firstCell = record;
    if (frames === 0 || record === firstCell) return frames === 0 ? record : '';
    return record || `${crystal(UNIT_CELL)}\n`;
  };

  return {
    head: () => count(encode(title === undefined ? '' : titleRecord(title))),
    frame(frame: Frame): Uint8Array {
      if (frame.positions.length !== 3 * atoms.length) {
        throw new ErgodicError(`A frame of ${frame.positions.length / 3} atoms cannot be written for ${atoms.length}.`);
      }
      const head = `${frames > 0 ? 'ENDMDL\n' : ''}${timeRecord(frame, title)}${cellRecord(frame.cell)}`;
      frames++;
      if (single && frames > 1) throw new ErgodicError('A PDB file that was begun for one frame cannot take a second.');
      if (frames === 1) modelOffset = written + head.length;
      const lines = [head, ...(single ? [] : [frames === 1 ? NO_MODEL : modelRecord(frames), '\n'])];
      for (let atom = 0; atom < atoms.length; atom++) {
        lines.push(before[atom]!);
        for (let axis = 0; axis < 3; axis++) {
          lines.push(coordinate(frame.positions[3 * atom + axis]!, () => describe(topology, atom)));
        }
        lines.push(after[atom]!);
      }
      return count(encode(lines.join('')));
    },
    end() {
      const tail = encode(`${frames > 1 ? 'ENDMDL\n' : ''}${conect}END\n`);
      return { tail, patches: frames > 1 ? [{ offset: modelOffset, bytes: encode(modelRecord(1)) }] : [] };
    },
  };
}

/** All of each atom's record but its coordinates; TER follows the last atom of a chain. */
function atomRecords(topology: Topology) {
  const { atoms, residues, chains } = topology;
  const before: string[] = [];
  const after: string[] = [];
  const serials: string[] = [];
  let serial = 0;
  const next = () => toHybrid36(++serial, 5, 'atom number');
  for (const [index, atom] of atoms.entries()) {
    const residue = residues[atom.residue]!;
    const chain = chains[residue.chain]!;
    const where = () => describe(topology, index);
    const name = residue.name.length > 3 ? inColumns(residue.name, 4, 'residue name', where) : residue.name.padStart(3);
    const number = toHybrid36(residue.number, 4, 'residue number');
    const residueColumns =
      inColumns(name, 4, 'residue name', where) +
      inColumns(chain.id, 1, 'chain identifier', where) +
      number +
      inColumns(residue.insertion, 1, 'insertion code', where);
    serials.push(next());
    before.push(
      `${residue.hetero ? 'HETATM' : 'ATOM  '}${serials[index]} ${nameColumns(atom, where)}` +
        `${inColumns(atom.alternate ?? '', 1, 'alternate location', where)}${residueColumns}   `,
    );
    const lastOfChain = residues[atoms[index + 1]?.residue ?? -1]?.chain !== residue.chain;
    after.push(
      `${real(atom.occupancy ?? 1, 'occupancy', where)}${real(atom.temperatureFactor ?? 0, 'temperature factor', where)}` +
        `      ${inColumns(chain.segment, 4, 'segment', where)}${atom.element.toUpperCase().padStart(2)}${charge(atom)}\n` +
        (lastOfChain ? `TER   ${next()}      ${residueColumns.trimEnd()}\n` : ''),
    );
  }
  return { before, after, conect: conectRecords(topology, serials) };
}

function conectRecords(topology: Topology, serials: readonly string[]): string {
  const partners = new Map<number, number[]>();
  const note = (atom: number, other: number) => partners.set(atom, [...(partners.get(atom) ?? []), other]);
  for (const [a, b] of unimpliedBonds(topology)) {
    note(a, b);
    note(b, a);
  }
  const lines: string[] = [];
  for (const [atom, others] of [...partners].sort(([a], [b]) => a - b)) {
    for (let i = 0; i < others.length; i += 4) {
      const four = others.slice(i, i + 4).map((other) => serials[other]);
      lines.push(`CONECT${serials[atom]}${four.join('')}\n`);
    }
  }
  return lines.join('');
}

/** Four columns: the symbol of the element ends in the second one, if there is room. */
function nameColumns({ name, element }: Atom, where: () => string): string {
  const twoLetters = element.length === 2 && name.toUpperCase().startsWith(element.toUpperCase());
  return inColumns(name.length < 4 && !twoLetters ? ` ${name}` : name, 4, 'atom name', where);
}

function charge({ charge: value }: Atom): string {
  if (value === undefined || value === 0 || !Number.isInteger(value) || Math.abs(value) > 9) return '  ';
  return `${Math.abs(value)}${value > 0 ? '+' : '-'}`;
}

function inColumns(text: string, width: number, what: string, where: () => string): string {
  if (text.length <= width) return ascii(text).padEnd(width);
  throw new ErgodicError(
    `The ${what} \`${text}\` of ${where()} is longer than the ${width} columns PDB has for it: write mmCIF instead.`,
  );
}

/** Six columns, with as many decimals as fit. */
function real(value: number, what: string, where: () => string): string {
  for (let decimals = 2; decimals >= 0; decimals--) {
    const text = value.toFixed(decimals);
    if (text.length <= 6) return text.padStart(6);
  }
  return inColumns(String(value), 6, what, where);
}

function coordinate(nanometres: number, where: () => string): string {
  const text = (nanometres / ANGSTROM).toFixed(3);
  if (text.length <= 8 && Number.isFinite(nanometres)) return text.padStart(8);
  throw new ErgodicError(
    `The coordinate ${text} Å of ${where()} does not fit the eight columns of PDB: ` +
      'move the molecule to the origin first, or write mmCIF instead.',
  );
}

function describe({ atoms, residues }: Topology, index: number): string {
  const { name, residue } = atoms[index]!;
  return `atom ${index + 1} (${name} of ${residues[residue]!.name} ${residues[residue]!.number})`;
}

function crystal(cell: Cell): string {
  const { lengths, angles } = shapeOfCell(cell);
  const columns = [
    ...lengths.map((length) => (length / ANGSTROM).toFixed(3).padStart(9)),
    ...angles.map((angle) => angle.toFixed(2).padStart(7)),
  ].join('');
  if (columns.length === 48) return `CRYST1${columns} P 1           1`;
  throw new ErgodicError(`A cell of ${lengths.join(' × ')} nm does not fit the columns of PDB: write mmCIF instead.`);
}

function timeRecord(frame: Frame, title = ''): string {
  const time = titleOfTime(frame);
  return time === '' ? '' : titleRecord(`${title.slice(0, 69 - time.length)} ${time}`);
}

const titleRecord = (title: string): string => `TITLE     ${ascii(title).slice(0, 70).trimEnd()}\n`;

/** Columns are bytes. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');
