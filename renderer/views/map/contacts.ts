/** How often two beads touch, in two triangles of one picture: below the diagonal one set, above it another. */
import { linearTicks, type Tick } from '../../../core/analysis/figures/ticks.ts';

export interface ContactSet {
  readonly name: string;
  /** Beads × beads, 0 … 1, NaN where pairs are not counted. */
  readonly contacts: Float32Array;
}

export interface ShownContacts {
  readonly beads: number;
  readonly lower: ContactSet;
  readonly upper: ContactSet;
}

/** Column i, row j from below: the fraction of the set whose triangle it is; NaN on the diagonal. */
export const fractionAt = ({ beads, lower, upper }: ShownContacts, i: number, j: number): number =>
  i === j ? Number.NaN : (j > i ? upper : lower).contacts[i * beads + j]!;

export const percentTicks: readonly Tick[] = [0, 0.5, 1].map((value) => ({ value, label: `${100 * value} %` }));

/** Beads count from 1. */
export const beadTicks = (beads: number): readonly Tick[] =>
  linearTicks([1, beads], Math.min(8, beads)).filter(({ value }) => Number.isInteger(value) && value >= 1);
