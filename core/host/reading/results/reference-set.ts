/** Loaded conformations as a set among the others: the reference that a model is compared with. */
import { ErgodicError } from '../../../errors.ts';
import type { Loaded } from '../drafts/loaded-data.ts';
import type { ConformationSet } from './conformation-set.ts';

/** Rows that are looked at before anybody may stop it. */
const AT_ONCE = 2 ** 16;

export function referenceSet({ key, data, frames: drawn, problems }: Loaded): ConformationSet {
  const { values, dimension, count } = data;
  return {
    name: 'reference',
    key,
    frames: count,
    replicas: 1,
    length: () => count,
    timeStep: null,
    problems,
    ...(drawn ? { frameOf: (row: number) => drawn[row]! } : {}),
    async *rows(signal) {
      for (let first = 0; first < count; first += AT_ONCE) {
        signal.throwIfAborted();
        const positions = values.subarray(first * dimension, Math.min(count, first + AT_ONCE) * dimension);
        yield { first, stride: 1, positions };
      }
    },
    async row({ frame, replica }) {
      if (frame >= count || replica > 0) {
        throw new ErgodicError(`There is no frame ${frame + 1} in the reference: choose an earlier one.`);
      }
      return { positions: Float32Array.from(values.subarray(frame * dimension, (frame + 1) * dimension)), time: null };
    },
  };
}
