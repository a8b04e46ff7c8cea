/**
 * Data of a molecule in the forms that exchanges of like atoms make of it (systems/symmetry.ts): for training in all of them,
 * where there is room, and for comparing in one that is drawn for each frame, so that frames stay independent.
 */
import { keyOf, philox4x32 } from '../../program/philox.ts';
import { exchange, type Symmetry } from '../../systems/symmetry.ts';
import { allocated, type DataSet, type TrainingSet } from './data-set.ts';

/** Training frames in all forms together, at most; where there are more, each frame has one of them. */
const MOST_FRAMES = 100_000;

export function inAllForms(set: TrainingSet, symmetries: readonly Symmetry[]): TrainingSet {
  const { positions, forces, energies, weights } = set.columns;
  const times = set.count * symmetries.length <= MOST_FRAMES ? symmetries.length : 1;
  const formOf = (time: number, frame: number) => symmetries[times > 1 ? time : drawn(frame, symmetries.length)]!;
  const vectors = (values: Float32Array): Float32Array => {
    const width = 3 * symmetries[0]!.from.length;
    const out = allocated(times * values.length, 'The frames in all their forms', 'set `system.symmetries` to none');
    for (let time = 0; time < times; time++) {
      for (let frame = 0; frame < set.count; frame++) {
        const at = { source: frame * width, target: (time * set.count + frame) * width };
        exchange(formOf(time, frame), values, out, at);
      }
    }
    return out;
  };
  const numbers = (values: Float32Array): Float32Array => {
    const out = new Float32Array(times * values.length);
    for (let time = 0; time < times; time++) out.set(values, time * values.length);
    return out;
  };
  return {
    ...set,
    count: times * set.count,
    columns: {
      ...set.columns,
      positions: { ...positions, values: vectors(positions.values) },
      ...(forces ? { forces: { ...forces, values: vectors(forces.values) } } : {}),
      ...(energies ? { energies: { ...energies, values: numbers(energies.values) } } : {}),
      ...(weights ? { weights: { ...weights, values: numbers(weights.values) } } : {}),
    },
  };
}

export function inOneForm({ dimension, count, values }: DataSet, symmetries: readonly Symmetry[]): DataSet {
  const out = allocated(values.length, 'The frames in other forms', 'set `system.symmetries` to none');
  for (let frame = 0; frame < count; frame++) {
    const at = { source: frame * dimension, target: frame * dimension };
    exchange(symmetries[drawn(frame, symmetries.length)]!, values, out, at);
  }
  return { dimension, count, values: out };
}

/** The same for a frame whenever it is read. */
const drawn = (frame: number, count: number): number =>
  Math.floor((philox4x32([frame, 0, 0, STREAM], KEY)[0]! / 2 ** 32) * count);

const KEY = keyOf(0);
/** Apart from the streams of training and of shuffling. */
const STREAM = 0xfffe0000;
