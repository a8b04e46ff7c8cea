/**
 * A model is a list of experts that share diffusion time between them, with hard switches (method §4). Which expert
 * is asked is decided here and by nobody else; programs are made for one expert each.
 */
import type { TimeRange } from '../models/time-features.ts';

interface Ranged {
  readonly range: TimeRange;
}

/** Throws unless the experts, in order, cover [0, 1] without gap or overlap. */
export function checkCover(experts: readonly Ranged[]): void {
  let reached = 0;
  for (const { range } of experts) {
    if (range[0] !== reached || !(range[1] > range[0])) {
      throw new RangeError(
        `The experts leave a gap or overlap at t = ${reached}: the next one covers ${range.join('…')}.`,
      );
    }
    reached = range[1];
  }
  if (reached !== 1) throw new RangeError(`The experts cover the times 0…${reached}; they must reach 1.`);
}

/**
 * The index of the expert for t. A boundary belongs to the expert above it, which is trained a little
 * below its own range (method §5), while the one below never saw the other side.
 */
export function expertAt(experts: readonly Ranged[], t: number): number {
  const found = experts.findIndex(({ range }) => t >= range[0] && t < range[1]);
  if (found >= 0) return found;
  if (t === experts.at(-1)?.range[1]) return experts.length - 1;
  throw new RangeError(`No expert answers for t = ${t}.`);
}

/** Inner boundaries, ascending. */
export const boundaries = (experts: readonly Ranged[]): number[] => experts.slice(1).map(({ range }) => range[0]);
