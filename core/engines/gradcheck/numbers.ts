/**
 * Reproducible test numbers, exact in float32, so that an engine of any precision sees what the oracle sees.
 *
 * Each recipe keeps clear of the points where a derivative does not exist by more than any difference step moves.
 */
import { keyOf, normalsFromWords, philox4x32, uniformFromWord, type Words } from '../../program/philox.ts';

export interface Random {
  /** In (0, 1). */
  uniform(): number;
  normal(): number;
}

export type Recipe = (count: number, random: Random) => ArrayLike<number>;

export function randomFrom(seed: number): Random {
  let drawn = 0;
  let words: Words = [0, 0, 0, 0];
  const word = (): number => {
    if (drawn % 4 === 0) words = philox4x32([drawn / 4, 0, 0, 0], keyOf(seed));
    return words[drawn++ % 4]!;
  };
  return { uniform: () => uniformFromWord(word()), normal: () => normalsFromWords(word(), word())[0] };
}

const each =
  (draw: (random: Random, i: number) => number): Recipe =>
  (count, random) =>
    Float32Array.from({ length: count }, (_, i) => draw(random, i));

export const normals = (scale = 1): Recipe => each((random) => scale * random.normal());
export const positive: Recipe = each((random) => 0.5 + 1.5 * random.uniform());
export const nonZero: Recipe = each((random) => (0.5 + random.uniform()) * (random.uniform() < 0.5 ? -1 : 1));
export const zeroOrOne: Recipe = each((random) => (random.uniform() < 0.5 ? 0 : 1));
export const wholeBelow = (n: number): Recipe => each((random) => Math.floor(n * random.uniform()));
/** A number of the first never comes nearer than 0.1 to one of the second. */
export const evenTenths: Recipe = each((random) => Math.round(5 * random.normal()) / 5);
export const oddTenths: Recipe = each((random) => Math.round(5 * random.normal()) / 5 + 0.1);
/** No two within 0.05 of each other. */
export const distinct: Recipe = (count, random) => {
  const grid = Float32Array.from({ length: count }, (_, i) => 0.05 * (i - count / 2));
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor((i + 1) * random.uniform());
    [grid[i], grid[j]] = [grid[j]!, grid[i]!];
  }
  return grid;
};
