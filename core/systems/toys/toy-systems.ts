/** The table of toy systems, by name (method §8). A new toy is a descriptor in its own file and a line here. */
import { ErgodicError } from '../../errors.ts';
import { doubleWell1D, doubleWell2D } from './double-well.ts';
import { muellerBrown } from './mueller-brown.ts';
import type { ToySystem } from './toy-system.ts';

export const toySystems: readonly ToySystem[] = [doubleWell1D, doubleWell2D, muellerBrown];

export function toySystem(name: string): ToySystem {
  const found = toySystems.find((system) => system.name === name);
  if (found) return found;
  throw new ErgodicError(
    `There is no toy system called "${name}"; choose one of ${toySystems.map((system) => system.name).join(', ')}.`,
  );
}
