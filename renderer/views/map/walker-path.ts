/**
 * The way of a walker over a plane as straight pieces: where an axis is periodic and a step crosses its end, the piece
 * is drawn on both sides, each going out of the plane, for a picture that is clipped to the plane.
 */
import type { Axis } from '../../../core/host/contract.ts';

export interface Piece {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  /** 0 for the oldest step, 1 for the newest. */
  readonly recency: number;
}

/** `path` holds x, y of the oldest first; a value that is no number interrupts the way. */
export function piecesOf(axes: readonly Axis[], path: ArrayLike<number>): Piece[] {
  const pieces: Piece[] = [];
  const steps = Math.floor(path.length / 2) - 1;
  for (let step = 0; step < steps; step++) {
    const from = [path[2 * step]!, path[2 * step + 1]!] as const;
    const to = [path[2 * step + 2]!, path[2 * step + 3]!] as const;
    const shift = [0, 1].map((axis) => wrap(axes[axis]!, to[axis]! - from[axis]!));
    const recency = steps === 1 ? 1 : step / (steps - 1);
    if (Number.isNaN(from[0] + from[1] + to[0] + to[1])) continue;
    pieces.push({ from, to: [to[0] + shift[0]!, to[1] + shift[1]!], recency });
    if (shift[0] !== 0 || shift[1] !== 0) {
      pieces.push({ from: [from[0] - shift[0]!, from[1] - shift[1]!], to, recency });
    }
  }
  return pieces;
}

/** What is to be added to a step, so that it is the shorter way around. */
function wrap({ periodic, limits }: Axis, step: number): number {
  const period = limits[1] - limits[0];
  return periodic && Math.abs(step) > period / 2 ? -Math.sign(step) * period : 0;
}
