/**
 * How long a training step takes on this machine: measured on the real programs and the real data, for a second or so. Of
 * a network with several phases it is the mean over the steps of a round: regularised steps take three times as long.
 */
import type { Engine } from '../../engines/engine.ts';
import type { TrainableNetwork } from '../../methods/method.ts';
import { initialValues } from '../../models/parameters.ts';
import { Batches } from '../data/batches.ts';
import type { TrainingSet } from '../data/data-set.ts';
import type { NetworkProgress } from '../training/checkpoint.ts';
import { TrainingSteps } from '../training/training-steps.ts';

const PATIENCE = 1;
const MOST_STEPS = 64;

export async function secondsPerStep(
  network: TrainableNetwork,
  sets: readonly TrainingSet[],
  engine: Engine,
  seed: number,
): Promise<number> {
  const batches = new Batches(sets, network.batch, seed, ['positions', ...network.columns]);
  const steps = new TrainingSteps(network, { batches, seed }, engine);
  const size = network.layout.size;
  const vectors: NetworkProgress['vectors'] = {
    parameters: initialValues(network.layout, seed),
    average: new Float32Array(size),
    gradientMean: new Float32Array(size),
    gradientSquare: new Float32Array(size),
  };
  const { phases, steps: all, firstRound = all } = network;
  /** Of the phase that begins at a step and has so many. */
  const measured = async (from: number, length: number): Promise<number> => {
    await steps.run(vectors, from, 1);
    let done = 0;
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    for (let count = 2; done < MOST_STEPS && seconds() < PATIENCE / phases.length; count *= 2) {
      const some = Math.min(count, length);
      await steps.run(vectors, from, some);
      done += some;
    }
    return seconds() / done;
  };
  try {
    let sum = 0;
    for (const [index, { from }] of phases.entries()) {
      const length = Math.min(phases[index + 1]?.from ?? firstRound, firstRound) - from;
      if (length > 0) sum += length * (await measured(from, length));
    }
    return sum / firstRound;
  } finally {
    steps.dispose();
  }
}
