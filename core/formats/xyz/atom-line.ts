/**
 * The words of one line of an XYZ frame. One object serves all lines. Nothing here throws.
 */
import { decimal, quoted } from '../byte-text.ts';
import type { Line } from '../lines.ts';

const POINT = 46;

export class AtomLine {
  /** Words a line must have; further ones are not looked at. */
  readonly count: number;
  /** Start and end of each. */
  readonly #words: Int32Array;
  #bytes: Uint8Array = new Uint8Array();

  constructor(count: number) {
    this.count = count;
    this.#words = new Int32Array(2 * count);
  }

  /** What is wrong with the line, if anything. */
  take({ bytes, start, end, cut }: Line): string | undefined {
    this.#bytes = bytes;
    const { count } = this;
    const words = this.#words;
    let found = 0;
    for (let at = start; found < count; found++) {
      while (at < end && bytes[at]! <= 32) at++;
      if (at >= end) break;
      words[2 * found] = at;
      while (at < end && bytes[at]! > 32) at++;
      words[2 * found + 1] = at;
    }
    if (found === count) return undefined;
    return cut ? 'the line has no end' : `the line has ${found} columns instead of ${count}`;
  }

  startOf(column: number): number {
    return this.#words[2 * column]!;
  }

  endOf(column: number): number {
    return this.#words[2 * column + 1]!;
  }

  /** Times 10^shift; NaN where it is no number. */
  number(column: number, shift = 0): number {
    return decimal(this.#bytes, this.startOf(column), this.endOf(column), shift);
  }

  /** Three numbers times 10^shift times `factor` into `target`; what is wrong with them, if anything. */
  vector(column: number, shift: number, factor: number, target: Float64Array, at: number): string | undefined {
    for (let axis = 0; axis < 3; axis++) {
      const value = this.number(column + axis, shift) * factor;
      if (!Number.isFinite(value)) return `${this.quoted(column + axis)} should be a number`;
      target[at + axis] = value;
    }
    return undefined;
  }

  quoted(column: number): string {
    return quoted(this.#bytes, this.startOf(column), this.endOf(column));
  }

  /** Bytes of the last word from its decimal point on. */
  lengthOfFraction(): number {
    const last = this.endOf(this.count - 1);
    for (let at = this.startOf(this.count - 1); at < last; at++) if (this.#bytes[at] === POINT) return last - at;
    return 0;
  }
}
