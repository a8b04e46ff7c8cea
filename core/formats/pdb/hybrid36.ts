/**
 * The numbers of atoms and residues in PDB columns that are too narrow for them. Hybrid-36 (cctbx): decimal as long
 * as that fits, then letters in base 36, "A0000" after "99999", first upper, then lower case. VMD and its relatives
 * go on in hexadecimal instead, "186a0" after "99999", "2710" after "9999": told apart by what came before.
 */
import { ErgodicError } from '../../errors.ts';
import { decodeText, integer } from '../byte-text.ts';

/** Reads the numbers of one column of a model, in the order of the file. */
export class NumberColumn {
  readonly #width: number;
  /** The first number that the column is too narrow for. */
  readonly #limit: number;
  #previous = 0;
  #hexadecimal = false;

  constructor(width: number) {
    this.#width = width;
    this.#limit = 10 ** width;
  }

  /** Undefined where the column holds no number: then it is blank or too narrow even for these. */
  read(bytes: Uint8Array, from: number, to: number): number | undefined {
    let value = integer(bytes, from, to);
    if (this.#hexadecimal || this.#previous === this.#limit - 1 || Number.isNaN(value)) {
      const text = decodeText(bytes, from, to).trim();
      this.#hexadecimal = this.#isHexadecimal(text);
      value = this.#hexadecimal ? Number.parseInt(text, 16) : fromHybrid36(text, this.#width);
    }
    if (Number.isNaN(value)) return undefined;
    this.#previous = value;
    return value;
  }

  /** Smaller numbers are never written so: they say that the count began again. */
  #isHexadecimal(text: string): boolean {
    if (!/^[0-9a-f]+$/i.test(text)) return false;
    const value = Number.parseInt(text, 16);
    return this.#hexadecimal ? value >= this.#limit : this.#previous === this.#limit - 1 && value === this.#limit;
  }
}

/** NaN for what is neither decimal nor hybrid-36 of this width. */
export function fromHybrid36(text: string, width: number): number {
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  if (text.length !== width) return Number.NaN;
  const inLetters = 10 * 36 ** (width - 1);
  if (/^[A-Z][0-9A-Z]*$/.test(text)) return Number.parseInt(text, 36) - inLetters + 10 ** width;
  if (/^[a-z][0-9a-z]*$/.test(text))
    return Number.parseInt(text, 36) - inLetters + 26 * 36 ** (width - 1) + 10 ** width;
  return Number.NaN;
}

/** Right-justified in `width` columns. */
export function toHybrid36(value: number, width: number, what: string): string {
  const decimal = String(value);
  if (decimal.length <= width) return decimal.padStart(width);
  const letters = 26 * 36 ** (width - 1);
  const beyond = value - 10 ** width;
  if (beyond >= 0 && beyond < 2 * letters) {
    const digits = ((beyond % letters) + 10 * 36 ** (width - 1)).toString(36);
    return beyond < letters ? digits.toUpperCase() : digits;
  }
  throw new ErgodicError(`PDB has no room for ${what} ${value} in its ${width} columns: write mmCIF instead.`);
}
