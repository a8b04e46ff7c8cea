/**
 * One pass over the lines of a GRO file: the topology from its first frame, and where each frame begins and ends. What
 * is wrong in the first frame is an error; from another one on it ends the trajectory.
 */
import { guessElement } from '../../systems/elements.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import type { Topology } from '../../systems/topology.ts';
import { eachWord, integer, isBlank, quoted } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import { TopologyBuilder } from '../topology-builder.ts';
import type { Problem } from '../trajectory.ts';
import { boxOf, GroColumns, GroNames, groFault, POINT } from './columns.ts';

/** Bytes: 20 for the names, and three numbers as narrow as can be. */
const SHORTEST_ATOM = 26;

export class GroFrames {
  readonly #name: string;
  readonly #size: number;
  readonly #builder = new TopologyBuilder();
  readonly #names = new GroNames();
  readonly #elements = new Map<string, string>();
  readonly #boundaries: number[] = [];
  readonly #problems: Problem[] = [];
  readonly #point = new Float32Array(3);
  readonly #motion = new Float32Array(3);
  #columns: GroColumns | undefined;
  #cell: Cell | undefined;
  #expected: 'title' | 'count' | 'atoms' | 'box' = 'title';
  #begin = 0;
  #blankTitle = false;
  #atoms = 0;
  #left = 0;
  #lastLine = 0;

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
  }

  /** False where nothing more can be read. */
  line(line: Line): boolean {
    const { bytes, start, end } = line;
    this.#lastLine = line.number;
    switch (this.#expected) {
      case 'title':
        this.#begin = line.offset;
        this.#blankTitle = isBlank(bytes, start, end);
        this.#expected = 'count';
        return true;
      case 'count':
        // Blank lines at the end of a file are no frame.
        if (this.#blankTitle && isBlank(bytes, start, end)) {
          this.#begin = line.offset;
          return true;
        }
        return this.#count(line);
      case 'atoms':
        if (--this.#left === 0) this.#expected = 'box';
        return this.#boundaries.length > 0 || this.#atom(line);
      case 'box':
        return this.#box(line);
    }
  }

  finish() {
    if (this.#boundaries.length === 0) this.#unfinished();
    else if (this.#expected !== 'title' && !(this.#expected === 'count' && this.#blankTitle)) this.#unfinished();
    const topology: Topology = this.#builder.finish();
    return {
      topology,
      columns: this.#columns!,
      boundaries: this.#boundaries as readonly number[],
      problems: this.#problems as readonly Problem[],
      cell: this.#cell,
    };
  }

  #count(line: Line): boolean {
    const { bytes, start, end } = line;
    const count = integer(bytes, start, end);
    const found = quoted(bytes, start, end);
    if (!(count > 0)) return this.#fault(`it has ${found} where a number of atoms should be`, line);
    if (count > (this.#size - line.next) / SHORTEST_ATOM) {
      return this.#fault(`it says ${count} atoms, and too few bytes follow to hold them`, line);
    }
    if (this.#boundaries.length === 0) this.#atoms = count;
    if (count !== this.#atoms)
      return this.#fault(`this frame has ${count} atoms where the first has ${this.#atoms}`, line);
    this.#left = count;
    this.#expected = 'atoms';
    return true;
  }

  #atom(line: Line): boolean {
    this.#columns ??= GroColumns.of(line);
    const row = this.#names.read(line);
    if (!row || !this.#columns) {
      const read = this.#builder.atoms;
      return this.#fault(`it says ${this.#atoms} atoms, and after ${read} of them comes what is none`, line);
    }
    const fault = this.#columns.read(line, 0, this.#point, this.#columns.velocities ? this.#motion : undefined);
    if (fault) return this.#fault(fault, line);
    const key = `${row.name} ${row.residueName}`;
    let element = this.#elements.get(key);
    if (element === undefined) {
      element = guessElement(row.name, row.residueName);
      this.#elements.set(key, element);
    }
    this.#builder.add({ ...row, element, serial: Number.isNaN(row.serial) ? this.#builder.atoms + 1 : row.serial });
    return true;
  }

  #box(line: Line): boolean {
    const box = boxOf(line);
    if (!box) {
      const found = quoted(line.bytes, line.start, line.end);
      return this.#fault(`it has ${found} where the box should be: 3 or 9 numbers`, line);
    }
    if (!line.ended && losesDigits(line)) {
      const message = `The last line of \`${this.#name}\`, a box, seems to be cut off (line ${line.number}).`;
      this.#problems.push({ message, line: line.number });
    }
    if (this.#boundaries.length === 0) {
      this.#cell = box.cell;
      this.#boundaries.push(this.#begin);
    }
    this.#boundaries.push(line.next);
    this.#expected = 'title';
    return true;
  }

  #unfinished(): void {
    const what = this.#lastLine === 0 ? 'it is empty' : 'it ends in the middle of a frame';
    this.#fault(what, { number: this.#lastLine, offset: this.#begin });
    this.#expected = 'title';
  }

  #fault(what: string, { number, offset }: Pick<Line, 'number' | 'offset'>): false {
    if (this.#boundaries.length === 0) throw groFault(this.#name, what, `line ${number}`);
    const frame = this.#boundaries.length - 1;
    const message = `Frame ${frame} of \`${this.#name}\` and all after it are not read: ${what} (line ${number}).`;
    this.#problems.push({ message, line: number, byte: offset });
    this.#expected = 'title';
    return false;
  }
}

/** Whether the last number of a line has fewer decimals than the first. */
function losesDigits({ bytes, start, end }: Line): boolean {
  const decimals: number[] = [];
  eachWord(bytes, start, end, (from, to) => {
    const point = bytes.indexOf(POINT, from);
    decimals.push(point < 0 || point > to ? 0 : to - point - 1);
    return true;
  });
  return decimals.at(-1)! < decimals[0]!;
}
