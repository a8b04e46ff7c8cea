/**
 * What a single CIF value says: "." and "?" nothing, unless they are quoted; "1.234(5)" a number with its uncertainty,
 * which is dropped.
 */
import { decimal } from '../byte-text.ts';
import { BARE, type ValueKind } from './cif-parser.ts';

const PARENTHESIS = 40;

export function isNothing(bytes: Uint8Array, from: number, to: number, kind: ValueKind): boolean {
  if (kind !== BARE || to - from !== 1) return false;
  const byte = bytes[from]!;
  return byte === 46 || byte === 63;
}

/** Times 10^shift; NaN where there is none. */
export function cifNumber(bytes: Uint8Array, from: number, to: number, shift = 0): number {
  let end = from;
  while (end < to && bytes[end] !== PARENTHESIS) end++;
  return decimal(bytes, from, end, shift);
}
