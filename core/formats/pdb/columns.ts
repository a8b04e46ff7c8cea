/**
 * The columns of the PDB records that are read (wwPDB format 3.3, § "Coordinate Section", "Crystallographic ..."), and
 * what other programs make of them: short lines, residue names in four columns, numbers beyond their columns, no
 * element. Lengths are in Å there and nm here. Not here: how records make models (reader.ts).
 */
import { ErgodicError } from '../../errors.ts';
import { elementBySymbol, guessElement } from '../../systems/elements.ts';
import { type Cell, cellFromShape } from '../../systems/periodic/cell.ts';
import { decimal, decodeText, integer, isBlank, Names, quoted } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import type { AtomRow } from '../topology-builder.ts';
import { fromHybrid36, NumberColumn } from './hybrid36.ts';

/** Å to nm in powers of ten. */
const ANGSTROM_SHIFT = -1;
const X_COLUMN = 30;
const COORDINATE_WIDTH = 8;

/** The bytes of columns, counted from 0, as far as the line goes. */
const column = ({ start, end }: Line, at: number): number => Math.min(start + at, end);

/** Reads x, y, z in nm into `out`; false, and then `positionFault` says why, where one of them is no number. */
export function readPosition(line: Line, out: Float32Array, at: number): boolean {
  for (let axis = 0; axis < 3; axis++) {
    const from = X_COLUMN + axis * COORDINATE_WIDTH;
    const value = decimal(line.bytes, column(line, from), column(line, from + COORDINATE_WIDTH), ANGSTROM_SHIFT);
    out[at + axis] = value;
    // Of what was stored: "9E99" is a number, but none in single precision.
    if (!Number.isFinite(out[at + axis])) return false;
  }
  return true;
}

export function positionFault(line: Line): string {
  for (let axis = 0; axis < 3; axis++) {
    const from = X_COLUMN + axis * COORDINATE_WIDTH;
    const [start, end] = [column(line, from), column(line, from + COORDINATE_WIDTH)];
    if (Number.isFinite(decimal(line.bytes, start, end))) continue;
    const found = start === end ? 'nothing' : quoted(line.bytes, start, end);
    return `${found} in columns ${from + 1}–${from + COORDINATE_WIDTH}, where the atom's ${'xyz'[axis]} should be`;
  }
  return 'coordinates beyond all measure';
}

/** Reads everything else of ATOM and HETATM records, in the order of a model. */
export class AtomColumns {
  readonly #names = new Names();
  readonly #elements = new Map<string, string>();
  readonly #serials = new NumberColumn(5);
  readonly #numbers = new NumberColumn(4);
  #serial = 0;
  #residueNumber = 0;
  #residueName = '';
  #stars = new Set<string>();
  readonly #row: AtomRow = {
    name: '',
    element: '',
    serial: 0,
    residueName: '',
    residueNumber: 0,
    insertion: '',
    chain: '',
    segment: '',
    hetero: false,
    alternate: '',
  };

  /** The same object each time. */
  read(line: Line, hetero: boolean): AtomRow {
    const row = this.#row;
    row.hetero = hetero;
    row.name = this.#name(line, 12, 16);
    row.alternate = this.#name(line, 16, 17);
    row.residueName = this.#name(line, 17, 21);
    row.chain = this.#name(line, 21, 22);
    // From column 6: some programs let a serial number beyond 99,999 grow to the left.
    const serialColumn = hetero ? 6 : 5;
    row.serial = this.#serials.read(line.bytes, column(line, serialColumn), column(line, 11)) ?? this.#serial + 1;
    row.residueNumber = this.#number(line, row);
    row.insertion = this.#name(line, 26, 27);
    row.occupancy = this.#real(line, 54, 60);
    row.temperatureFactor = this.#real(line, 60, 66);
    row.segment = this.#name(line, 72, 76);
    row.element = this.#element(this.#name(line, 76, 78), row);
    row.charge = formalCharge(this.#name(line, 78, 80));
    this.#serial = row.serial;
    this.#residueNumber = row.residueNumber;
    this.#residueName = row.residueName;
    return row;
  }

  #name(line: Line, from: number, to: number): string {
    return this.#names.at(line.bytes, column(line, from), column(line, to));
  }

  #real(line: Line, from: number, to: number): number | undefined {
    const value = decimal(line.bytes, column(line, from), column(line, to));
    return Number.isFinite(value) ? value : undefined;
  }

  /** Where the number is blank or "****", a residue ends when its name changes or an atom name comes again. */
  #number(line: Line, { residueName, name }: AtomRow): number {
    const number = this.#numbers.read(line.bytes, column(line, 22), column(line, 26));
    if (number !== undefined) {
      this.#stars.clear();
      return number;
    }
    const next = residueName !== this.#residueName || this.#stars.has(name) || this.#stars.size === 0;
    if (next) this.#stars.clear();
    this.#stars.add(name);
    return this.#residueNumber + (next ? 1 : 0);
  }

  #element(given: string, { name, residueName }: AtomRow): string {
    const stated = given === '' ? undefined : elementBySymbol(given);
    if (stated) return stated.symbol;
    const key = `${name} ${residueName}`;
    let guessed = this.#elements.get(key);
    if (guessed === undefined) {
      guessed = guessElement(name, residueName);
      this.#elements.set(key, guessed);
    }
    return guessed;
  }
}

/** "2+" as the format wants it, "+2" and "2" as others write it. */
function formalCharge(text: string): number | undefined {
  if (text === '') return undefined;
  const [, before = '', digit, after = ''] = /^([+-]?)(\d)([+-]?)$/.exec(text) ?? [];
  if (digit === undefined || (before !== '' && after !== '')) return undefined;
  return (before || after) === '-' && digit !== '0' ? -Number(digit) : Number(digit);
}

/**
 * Undefined for "no cell": lengths of 0, and the unit cube that structures without a crystal carry. Angles that are
 * missing are right ones.
 */
export function readCell(line: Line): Cell | undefined {
  const length = (at: number) => decimal(line.bytes, column(line, at), column(line, at + 9), ANGSTROM_SHIFT);
  const angle = (at: number) => {
    const [from, to] = [column(line, at), column(line, at + 7)];
    return isBlank(line.bytes, from, to) ? 90 : decimal(line.bytes, from, to);
  };
  const lengths = [length(6), length(15), length(24)] as const;
  const angles = [angle(33), angle(40), angle(47)] as const;
  if (lengths.every((value) => value === 0.1) && angles.every((value) => value === 90)) return undefined;
  return [...lengths, ...angles].every(Number.isFinite) ? cellFromShape({ lengths, angles }) : undefined;
}

/** Calls `bond` with the two serial numbers of each bond of a CONECT record. */
export function readConect(line: Line, bond: (a: number, b: number) => void): void {
  const serial = (at: number): number => {
    const [from, to] = [column(line, at), column(line, at + 5)];
    const value = integer(line.bytes, from, to);
    return Number.isNaN(value) ? fromHybrid36(decodeText(line.bytes, from, to).trim(), 5) : value;
  };
  const first = serial(6);
  for (let at = 11; at < 31; at += 5) {
    const other = serial(at);
    if (!Number.isNaN(first) && !Number.isNaN(other)) bond(first, other);
  }
}

export const pdbFault = (name: string, what: string, where: string): ErgodicError =>
  new ErgodicError(`\`${name}\` cannot be read as PDB: ${what} (${where}).`);
