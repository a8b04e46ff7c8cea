/**
 * The lines of a GRO frame. An atom: residue number and name, atom name and number, five columns each; then x, y, z
 * and perhaps vx, vy, vz, as wide as the distance of the first two decimal points. A box: 3 or 9 numbers between
 * spaces, the vectors' diagonal first.
 */
import { ErgodicError } from '../../errors.ts';
import type { Cell } from '../../systems/periodic/cell.ts';
import { decimal, eachWord, integer, Names, quoted } from '../byte-text.ts';
import type { Line } from '../lines.ts';
import type { AtomRow } from '../topology-builder.ts';
import type { Coordinates } from '../trajectory.ts';

const FIRST_NUMBER = 20;
export const POINT = 46;
/** GROMACS writes numbers with d decimals d + 5 columns wide. */
const BESIDE_DECIMALS = 5;

export class GroColumns {
  readonly #width: number;
  /** Whether atoms have velocities. */
  readonly velocities: boolean;

  private constructor(width: number, velocities: boolean) {
    this.#width = width;
    this.velocities = velocities;
  }

  /** As the first atom of a frame says; undefined where it is none. */
  static of({ bytes, start, end }: Line): GroColumns | undefined {
    const first = bytes.indexOf(POINT, start + FIRST_NUMBER);
    const second = bytes.indexOf(POINT, first + 1);
    if (first < 0 || second < 0 || second >= end) return undefined;
    const width = second - first;
    // The third number must begin, and of velocities all three.
    return new GroColumns(width, end - start > FIRST_NUMBER + 5 * width);
  }

  /** Of positions. */
  get decimals(): number {
    return this.#width - BESIDE_DECIMALS;
  }

  /** Puts an atom's numbers at `at`; says what is wrong where one is missing. */
  read(line: Line, at: number, positions: Coordinates, velocities: Coordinates | undefined): string | undefined {
    for (let axis = 0; axis < 6; axis++) {
      const out = axis < 3 ? positions : velocities;
      if (!out) return undefined;
      const from = Math.min(line.start + FIRST_NUMBER + axis * this.#width, line.end);
      const to = Math.min(from + this.#width, line.end);
      const value = decimal(line.bytes, from, to);
      const index = at + (axis % 3);
      out[index] = value;
      // Of what was stored: "9e99" is a number, but none in single precision.
      if (Number.isFinite(out[index])) continue;
      const found = from === to ? 'nothing' : quoted(line.bytes, from, to);
      return `it has ${found} where an atom's ${['x', 'y', 'z', 'vx', 'vy', 'vz'][axis]} should be`;
    }
    return undefined;
  }
}

export class GroNames {
  readonly #names = new Names();

  /** Everything of an atom but its element; undefined where the line is no atom. */
  read({ bytes, start, end }: Line): Omit<AtomRow, 'element'> | undefined {
    const at = (column: number) => Math.min(start + column, end);
    const residueNumber = integer(bytes, at(0), at(5));
    if (Number.isNaN(residueNumber)) return undefined;
    return {
      name: this.#names.at(bytes, at(10), at(15)),
      serial: integer(bytes, at(15), at(20)),
      residueName: this.#names.at(bytes, at(5), at(10)),
      residueNumber,
      insertion: '',
      chain: '',
      segment: '',
      hetero: false,
      alternate: '',
    };
  }
}

/** Undefined where the line is no box; without a cell where it says that there is none. */
export function boxOf({ bytes, start, end }: Line): { cell: Cell | undefined } | undefined {
  const numbers: number[] = [];
  eachWord(bytes, start, end, (from, to) => numbers.push(decimal(bytes, from, to)) < 9);
  if ((numbers.length !== 3 && numbers.length !== 9) || !numbers.every(Number.isFinite)) return undefined;
  const [ax, by, cz, ay = 0, az = 0, bx = 0, bz = 0, cx = 0, cy = 0] = numbers as [number, number, number];
  const volume = ax * (by * cz - bz * cy) - ay * (bx * cz - bz * cx) + az * (bx * cy - by * cx);
  return { cell: volume > 0 ? [ax, ay, az, bx, by, bz, cx, cy, cz] : undefined };
}

export const groFault = (name: string, what: string, where: string): ErgodicError =>
  new ErgodicError(`\`${name}\` cannot be read as GRO: ${what} (${where}).`);
