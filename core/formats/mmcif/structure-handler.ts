/**
 * What is taken from a CIF when it is opened: atoms, cell, bonds and whether there is symmetry, of the first data block
 * that has atoms. Not here: the coordinates (frame-handler.ts).
 */
import { type Cell, cellFromShape } from '../../systems/periodic/cell.ts';
import { decodeText } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import type { Problem } from '../trajectory.ts';
import { AtomTable } from './atom-table.ts';
import { BondTables } from './bond-tables.ts';
import type { CifHandler, ValueKind } from './cif-parser.ts';
import { atomField, fieldOf, numberOfTag, SYMMETRY_OPERATORS, type TableName, tableOf } from './tags.ts';
import { cifNumber, isNothing } from './values.ts';

export class StructureHandler implements CifHandler {
  readonly atoms: AtomTable;
  readonly problems: Problem[] = [];
  /** Of the table of atoms, which is a loop; empty where it is a single atom without one. */
  columns: readonly number[] = [];
  fractional = false;
  /** The single atom that has no loop, in the file's numbers. */
  singlePosition: readonly [number, number, number] | undefined;
  bonds = new BondTables();
  readonly #name: string;
  #cell: number[] = [];
  #operators = 0;
  #group = '';
  #block = '';
  #ignored = false;
  #others = 0;
  #rowOffset = 0;
  /** Of the loop that is read; one that is left out is none. */
  #table: TableName | 'none' | undefined;
  /** Tables whose one row is given as tags with values. */
  #loose = new Set<TableName>();

  constructor(name: string) {
    this.#name = name;
    this.atoms = new AtomTable(name);
  }

  block(name: string, offset: number): void {
    this.#endBlock(offset);
    if (this.atoms.isEmpty) {
      this.#block = name;
      this.#cell = [];
      this.#operators = 0;
      this.#group = '';
      this.bonds = new BondTables();
    } else this.#ignored = true;
    this.atoms.clear();
    this.#loose = new Set();
  }

  want(tag: string): number {
    if (!this.#ignored) return numberOfTag(tag);
    if (tag === '_atom_site_fract_x' || tag === '_atom_site_cartn_x') this.#others++;
    return 0;
  }

  loop(wanted: readonly number[]): void {
    this.#table = tableOf(wanted.find((number) => number > 0)!);
    if (this.#table !== 'atom') return;
    if (!this.atoms.isEmpty) {
      this.problems.push({ message: `\`${this.#name}\` has a second table of atoms, which is left out.` });
      this.#table = 'none';
      return;
    }
    this.columns = [...wanted];
    const has = (field: number) => wanted.some((number) => number > 0 && fieldOf(number) === field);
    this.fractional = !has(atomField.cartn_x);
  }

  row(_wanted: readonly number[], offset: number): void {
    this.#rowOffset = offset;
    if (this.#table === 'atom') this.atoms.clear();
    else if (this.#table !== 'none') this.bonds.clear();
  }

  value(wanted: number, bytes: Uint8Array, from: number, to: number, kind: ValueKind, _line: Line): void {
    if (this.#table === 'none') return;
    const table = tableOf(wanted);
    const field = fieldOf(wanted);
    if (this.#table === undefined) this.#loose.add(table);
    switch (table) {
      case 'atom':
        this.atoms.value(field, bytes, from, to, kind);
        break;
      case 'connection':
      case 'geometry':
        this.bonds.value(field, bytes, from, to, kind);
        break;
      case 'cell':
        this.#cell[field] = cifNumber(bytes, from, to);
        break;
      case 'symmetry':
        if (isNothing(bytes, from, to, kind)) break;
        if (field < SYMMETRY_OPERATORS) this.#operators++;
        else this.#group = decodeText(bytes, from, to).trim();
    }
  }

  rowEnd(_wanted: readonly number[], line: Line): void {
    if (this.#table === 'atom') this.atoms.row(this.#rowOffset, this.fractional, line.number);
    else if (this.#table === 'connection') this.bonds.connection();
    else if (this.#table === 'geometry') this.bonds.geometry();
  }

  loopEnd(_wanted: readonly number[], offset: number, missing: number, line: number): void {
    if (this.#table === 'atom') {
      if (missing > 0) {
        const message = `The last row of the atoms of \`${this.#name}\` is not complete and is left out (line ${line}).`;
        this.problems.push({ message, line });
      }
      this.atoms.endModel(missing > 0 ? this.#rowOffset : offset);
    }
    this.#table = undefined;
  }

  /** The file ends at this byte. */
  end(offset: number): void {
    this.#endBlock(offset);
    if (this.#others > 0) {
      const message =
        `\`${this.#name}\` has ${this.#others} more data blocks with atoms; only the first, ` +
        `\`${this.#block}\`, is read.`;
      this.problems.push({ message });
    }
    const symmetric = this.#operators > 1 || (this.#operators === 0 && !/^(P ?1|)$/i.test(this.#group));
    if (this.fractional && symmetric) {
      const message =
        `\`${this.#name}\` is a crystal with symmetry` +
        `${this.#group ? ` (${this.#group})` : ''}: only its asymmetric unit is shown.`;
      this.problems.push({ message });
    }
  }

  /** Undefined for none, for unknown lengths, and for the unit cube that structures without a crystal carry. */
  cell(): Cell | undefined {
    const [a, b, c, alpha = 90, beta = 90, gamma = 90] = this.#cell;
    if (!a || !b || !c || (a === 1 && b === 1 && c === 1 && !this.fractional)) return undefined;
    if (![a, b, c, alpha, beta, gamma].every(Number.isFinite)) return undefined;
    return cellFromShape({ lengths: [a / 10, b / 10, c / 10], angles: [alpha, beta, gamma] });
  }

  #endBlock(offset: number): void {
    if (this.#loose.has('connection')) this.bonds.connection();
    if (this.#loose.has('geometry')) this.bonds.geometry();
    if (this.#loose.has('atom') && this.atoms.isEmpty) {
      this.fractional = !this.atoms.position(false).every(Number.isFinite);
      this.singlePosition = this.atoms.position(this.fractional);
      this.atoms.row(0, this.fractional, 0);
      this.atoms.endModel(offset);
    }
    this.#loose = new Set();
  }
}
