/**
 * Takes the coordinates of one model from the rows of `_atom_site`, as the file has them: Å or parts of the cell.
 */
import type { Line } from '../lines.ts';
import type { CifHandler, ValueKind } from './cif-parser.ts';
import { atomField, fieldOf } from './tags.ts';
import { cifNumber, isNothing } from './values.ts';

export class FrameHandler implements CifHandler {
  readonly positions: Float64Array;
  /** The columns with everything left out that is no coordinate. */
  readonly columns: readonly number[];
  rows = 0;
  /** Byte of the first row without a number where its coordinates should be. */
  faultyOffset: number | undefined;
  readonly #indices: Int32Array | undefined;
  readonly #first: number;
  readonly #point = new Float64Array(3);
  #offset = 0;

  constructor(atoms: number, indices: Int32Array | undefined, columns: readonly number[], fractional: boolean) {
    this.positions = new Float64Array(3 * atoms);
    this.#indices = indices;
    this.#first = fractional ? atomField.fract_x : atomField.cartn_x;
    this.columns = columns.map((number) => {
      const axis = fieldOf(number) - this.#first;
      return number > 0 && axis >= 0 && axis < 3 ? axis + 1 : 0;
    });
  }

  block(): void {}
  want(): number {
    return 0;
  }
  loop(): void {}

  row(_wanted: readonly number[], offset: number): void {
    this.#offset = offset;
    this.#point[0] = this.#point[1] = this.#point[2] = Number.NaN;
  }

  value(axis: number, bytes: Uint8Array, from: number, to: number, kind: ValueKind, _line: Line): void {
    if (!isNothing(bytes, from, to, kind)) this.#point[axis - 1] = cifNumber(bytes, from, to);
  }

  rowEnd(): void {
    const index = this.#indices ? (this.#indices[this.rows] ?? -1) : this.rows;
    this.rows++;
    if (index < 0 || 3 * index >= this.positions.length) return;
    const x = this.#point[0]!;
    const y = this.#point[1]!;
    const z = this.#point[2]!;
    if (!Number.isFinite(x + y + z)) this.faultyOffset ??= this.#offset;
    this.positions[3 * index] = x;
    this.positions[3 * index + 1] = y;
    this.positions[3 * index + 2] = z;
  }

  loopEnd(): void {}
}
