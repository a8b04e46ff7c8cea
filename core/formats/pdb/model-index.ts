/**
 * One pass over the lines of a PDB file: the topology from its first model, and where each model begins and ends.
 * A model ends at ENDMDL, END, the next MODEL, or the end of the file; a frame is the bytes from one such end to the
 * next, so that a CRYST1 or TITLE before MODEL belongs to it. Models of another size end the trajectory.
 */
import type { Cell } from '../../systems/periodic/cell.ts';
import type { Bond, Topology } from '../../systems/topology.ts';
import { beginsWith, isBlank } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import { TopologyBuilder } from '../topology-builder.ts';
import type { Problem } from '../trajectory.ts';
import { AtomColumns, pdbFault, positionFault, readCell, readConect, readPosition } from './columns.ts';

/** Marks a serial number that several atoms have. */
const AMBIGUOUS = -1;

export interface FirstModel {
  readonly topology: Topology;
  /** Index of the atom of each ATOM or HETATM line, −1 for none; undefined where they are the same. */
  readonly indices: Int32Array | undefined;
  readonly cell: Cell | undefined;
  readonly problems: readonly Problem[];
}

export class ModelIndex {
  readonly #name: string;
  readonly #columns = new AtomColumns();
  readonly #builder = new TopologyBuilder();
  readonly #atomOfSerial = new Map<number, number>();
  /** Pairs of serial numbers. */
  readonly #conect: number[] = [];
  readonly #problems: Problem[] = [];
  readonly #position = new Float32Array(3);
  #cell: Cell | undefined;
  /** Where each model begins, and at last where the last one ends. */
  #boundaries: number[] = [0];
  #models = 0;
  #rowsOfModel = 0;
  #rowsOfFirst = 0;
  #end = 0;
  #stopped = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** Atom lines of each model. */
  get rows(): number {
    return this.#rowsOfFirst;
  }

  line(line: Line): boolean {
    const { bytes, start, end } = line;
    switch (bytes[start]) {
      case 65: // A
        if (beginsWith(bytes, start, end, 'ATOM')) this.#atom(line, false);
        break;
      case 72: // H
        if (beginsWith(bytes, start, end, 'HETATM')) this.#atom(line, true);
        break;
      case 84: // T
        if (beginsWith(bytes, start, end, 'TER')) this.#builder.endChain();
        break;
      case 77: // M
        if (beginsWith(bytes, start, end, 'MODEL')) this.close();
        break;
      case 69: // END or ENDMDL
        if (beginsWith(bytes, start, end, 'END') && (bytes[start + 3] === 77 || isBlank(bytes, start + 3, end))) {
          this.#end = line.next;
          this.close();
        }
        break;
      case 67: // C
        if (beginsWith(bytes, start, end, 'CRYST1')) {
          if (this.#models === 0) this.#cell = readCell(line);
        } else if (beginsWith(bytes, start, end, 'CONECT')) {
          // Those within a later model repeat the first one's.
          if (this.#models === 0 || this.#rowsOfModel === 0) {
            readConect(line, (a, b) => this.#conect.push(a, b));
          }
        }
        break;
    }
    return true;
  }

  #atom(line: Line, hetero: boolean): void {
    // A line that the end of the file cuts off may have lost digits.
    if (!line.ended && line.end - line.start < 54) {
      this.#problem('ends in the middle of an atom, which is left out', line);
      return;
    }
    this.#rowsOfModel++;
    this.#end = line.next;
    if (this.#models > 0) return;
    if (!readPosition(line, this.#position, 0)) {
      throw pdbFault(this.#name, `it has ${positionFault(line)}`, `line ${line.number}`);
    }
    const row = this.#columns.read(line, hetero);
    const atom = this.#builder.add(row);
    if (atom === undefined) return;
    const known = this.#atomOfSerial.get(row.serial);
    this.#atomOfSerial.set(row.serial, known === undefined || known === atom ? atom : AMBIGUOUS);
  }

  /** Ends the present model, if there is one. */
  close(): void {
    const rows = this.#rowsOfModel;
    if (rows === 0) return;
    this.#rowsOfModel = 0;
    if (this.#models === 0) this.#rowsOfFirst = rows;
    this.#models++;
    if (this.#stopped) return;
    if (rows !== this.#rowsOfFirst) {
      const message =
        `Model ${this.#models} of \`${this.#name}\` has ${rows} atom lines where the first has ` +
        `${this.#rowsOfFirst}: only the models before it are read.`;
      this.#problems.push({ message, byte: this.#boundaries.at(-1)! });
      this.#stopped = true;
      return;
    }
    this.#boundaries.push(this.#end);
  }

  /** Takes the boundaries of all models from an earlier pass; false where the first one's are others. */
  skipTo(boundaries: Float64Array): boolean {
    if (this.#models !== 1 || this.#boundaries[1] !== boundaries[1]) return false;
    this.#boundaries = Array.from(boundaries);
    this.#models = boundaries.length - 1;
    return true;
  }

  index(): Float64Array {
    return Float64Array.from(this.#boundaries);
  }

  finish(): FirstModel {
    if (this.#builder.atoms === 0) throw pdbFault(this.#name, 'it has no ATOM or HETATM record', 'line 1');
    const topology = this.#builder.finish(this.#bonds());
    return { topology, indices: this.#builder.indices(), cell: this.#cell, problems: this.#problems };
  }

  #bonds(): Bond[] {
    const bonds: Bond[] = [];
    let unknown = 0;
    let ambiguous = 0;
    for (let i = 0; i < this.#conect.length; i += 2) {
      const first = this.#atomOfSerial.get(this.#conect[i]!);
      const second = this.#atomOfSerial.get(this.#conect[i + 1]!);
      if (first === undefined || second === undefined) unknown++;
      else if (first === AMBIGUOUS || second === AMBIGUOUS) ambiguous++;
      else bonds.push([first, second]);
    }
    const left = (count: number, why: string) => {
      if (count === 0) return;
      const message = `${count} bonds of CONECT records of \`${this.#name}\` are left out: ${why}.`;
      this.#problems.push({ message });
    };
    left(unknown, 'they name atoms that are not there');
    left(ambiguous, 'several atoms have the number they name');
    return bonds;
  }

  #problem(what: string, line: Line): void {
    const message = `\`${this.#name}\` ${what} (line ${line.number}).`;
    this.#problems.push({ message, line: line.number, byte: line.offset });
  }
}
