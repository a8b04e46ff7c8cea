/**
 * Whether forces belong to conformations: for a Boltzmann distribution ⟨x·F⟩ = −kT for each of the 3N − 3 degrees of
 * freedom of N beads. Forces of another temperature, of another method than the one that moved the atoms, or without those of
 * constraints do not obey it, and a model that learns from them contradicts its positions. Model units.
 */
import type { TrainingSet } from '../data/data-set.ts';

/** Blocks of frames whose spread gives the error. */
const BLOCKS = 20;
/** Off by more than this, and by more than so many standard errors: not the forces of these conformations. */
const TOLERANCE = 0.1;
const ERRORS = 4;

export interface Virial {
  /** −⟨x·F⟩ over (3N − 3) kT: 1 for the true forces. */
  readonly ratio: number;
  readonly error: number;
}

export function virialOf({ shape, count, columns }: TrainingSet): Virial | undefined {
  const { positions, forces } = columns;
  if (!forces || count < BLOCKS) return undefined;
  const beads = shape[0]!;
  const width = 3 * beads;
  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    const [start, end] = [Math.floor((block * count) / BLOCKS), Math.floor(((block + 1) * count) / BLOCKS)];
    let sum = 0;
    for (let i = start * width; i < end * width; i++) sum -= positions.values[i]! * forces.values[i]!;
    return sum / ((end - start) * (width - 3));
  });
  const ratio = blocks.reduce((sum, value) => sum + value, 0) / BLOCKS;
  const variance = blocks.reduce((sum, value) => sum + (value - ratio) ** 2, 0) / (BLOCKS - 1);
  return { ratio, error: Math.sqrt(variance / BLOCKS) };
}

/** Why the forces of these data should not be learned from, as a sentence; undefined where they should. */
export function doubtOf(sets: readonly TrainingSet[]): string | undefined {
  for (const set of sets) {
    const found = virialOf(set);
    if (!found) continue;
    const off = Math.abs(found.ratio - 1);
    if (off < TOLERANCE || off < ERRORS * found.error) continue;
    return (
      `The forces of \`${set.name}\` do not belong to its conformations at this temperature ` +
      `(their virial is ${found.ratio.toFixed(2)} ± ${found.error.toFixed(2)} times what it should be), so they are not used.`
    );
  }
  return undefined;
}
