/**
 * The second line of an XYZ frame. In extended XYZ it says what the columns are and what belongs to the whole frame:
 * key=value, with values in quotes, braces or brackets if they have spaces; a key alone stands for true.
 * Without `Properties` and `Lattice` it is a remark, of which nothing is believed: "energy" may be in any unit there.
 * Units: those of ASE, QUIP and GPUMD, which are eV, Å and fs; nobody writes them down.
 */
import type { Cell } from '../../systems/periodic/cell.ts';
import { ANGSTROM, ELECTRONVOLT, FEMTOSECOND } from '../../units.ts';

/** What a frame is but for its atoms, and in which columns these have what. */
export interface XyzHeading {
  readonly columns: XyzColumns;
  readonly cell?: Cell;
  /** ps. */
  readonly time?: number;
  readonly step?: number;
  /** kJ/mol. */
  readonly energy?: number;
}

/** First column of each, from 0; absent where there is none. */
export interface XyzColumns {
  /** Words a line needs. */
  readonly count: number;
  /** What the atom is: a symbol, a name, an atomic number. */
  readonly label: number;
  /** Å. */
  readonly positions: number;
  /** Å/fs. */
  readonly velocities?: number;
  /** Mass times velocity in the units of ASE, √(eV·amu). */
  readonly momenta?: number;
  /** eV/Å. */
  readonly forces?: number;
  /** amu. */
  readonly mass?: number;
}

const PLAIN: XyzColumns = { count: 4, label: 0, positions: 1 };

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Names of properties in lower case, what they are, and how many columns that takes. */
const PROPERTIES = new Map<string, readonly [Exclude<keyof XyzColumns, 'count'> | 'number', number]>([
  ['species', ['label', 1]],
  ['z', ['number', 1]],
  ['pos', ['positions', 3]],
  ['velo', ['velocities', 3]],
  ['vel', ['velocities', 3]],
  ['velocities', ['velocities', 3]],
  ['momenta', ['momenta', 3]],
  ['forces', ['forces', 3]],
  ['force', ['forces', 3]],
  ['mass', ['mass', 1]],
  ['masses', ['mass', 1]],
]);

/** A file that claims more is damaged. */
const MOST_COLUMNS = 1000;

/** A sentence where the line says something impossible. */
export function headingOf(comment: string): XyzHeading | string {
  const values = keysOf(comment);
  const properties = values.get('Properties') ?? values.get('properties');
  const lattice = values.get('Lattice') ?? values.get('lattice');
  if (properties === undefined && lattice === undefined) return { columns: PLAIN };
  const columns = properties === undefined ? PLAIN : columnsOf(properties);
  if (typeof columns === 'string') return columns;
  const heading: Draft<XyzHeading> = { columns };
  if (lattice !== undefined && isPeriodic(values.get('pbc'))) {
    const vectors = lattice
      .trim()
      .split(/[\s,]+/)
      .map((number) => Number(number) / (1 / ANGSTROM));
    if (vectors.length !== 9 || !vectors.every(Number.isFinite)) return `its Lattice is not nine numbers`;
    heading.cell = vectors;
  }
  const numberOf = (...keys: string[]): number | undefined => {
    const value = keys.map((key) => values.get(key)).find((found) => found !== undefined);
    return value === undefined || value.trim() === '' || !Number.isFinite(Number(value)) ? undefined : Number(value);
  };
  const energy = numberOf('energy', 'free_energy');
  const time = numberOf('time', 'Time');
  const step = numberOf('step', 'Step', 'timestep', 'Timestep');
  if (energy !== undefined) heading.energy = energy * ELECTRONVOLT;
  if (time !== undefined) heading.time = time / (1 / FEMTOSECOND);
  if (step !== undefined && Number.isSafeInteger(step)) heading.step = step;
  return heading;
}

/** A cell is periodic unless it says that it is not, along any of its vectors. */
const isPeriodic = (pbc: string | undefined): boolean => pbc === undefined || /[T1]/i.test(pbc);

function columnsOf(properties: string): XyzColumns | string {
  const parts = properties.split(':');
  const columns: Draft<Partial<XyzColumns>> & { number?: number } = {};
  let count = 0;
  for (let i = 0; i < parts.length; i += 3) {
    const [name, type, width] = parts.slice(i, i + 3) as [string, string?, string?];
    const wide = Number(width);
    if (!/^[SRIL]$/.test(type ?? '') || !/^\d+$/.test(width ?? '') || wide < 1 || count + wide > MOST_COLUMNS) {
      return `its Properties do not say "name:type:columns" for "${name}"`;
    }
    const known = PROPERTIES.get(name.toLowerCase());
    if (known?.[1] === wide) columns[known[0]] ??= count;
    count += wide;
  }
  const { positions, number, label = number, ...others } = columns;
  if (positions === undefined) return 'its Properties have no positions, "pos:R:3"';
  if (label === undefined) return 'its Properties do not say what the atoms are, "species:S:1"';
  return { ...others, positions, label, count };
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '{': '}', '[': ']' };

/** The first value of each key. */
function keysOf(comment: string): Map<string, string> {
  const values = new Map<string, string>();
  const isSpace = (at: number) => comment.charCodeAt(at) <= 32;
  let at = 0;
  const skipSpaces = () => {
    while (at < comment.length && isSpace(at)) at++;
  };
  for (skipSpaces(); at < comment.length; skipSpaces()) {
    const start = at;
    while (at < comment.length && !isSpace(at) && comment[at] !== '=') at++;
    const key = comment.slice(start, at).replace(/^["']|["']$/g, '');
    const afterKey = at;
    skipSpaces();
    if (comment[at] !== '=') {
      at = Math.max(afterKey, start + 1);
      if (!values.has(key)) values.set(key, 'T');
      continue;
    }
    at++;
    skipSpaces();
    const closing = at < comment.length ? CLOSING[comment[at]!] : undefined;
    let value: string;
    if (closing) {
      const end = closing === ']' ? endOfBrackets(comment, at) : comment.indexOf(closing, at + 1);
      const last = end < 0 ? comment.length : end;
      value = comment.slice(at + 1, last);
      at = last + 1;
    } else {
      const begin = at;
      while (at < comment.length && !isSpace(at)) at++;
      value = comment.slice(begin, at);
    }
    if (!values.has(key)) values.set(key, value);
  }
  return values;
}

/** Brackets may stand in brackets: [[1, 0], [0, 1]]. */
function endOfBrackets(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '[') depth++;
    if (text[at] === ']' && --depth === 0) return at;
  }
  return -1;
}
