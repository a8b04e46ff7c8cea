/** How long a training step takes on this machine: measured on the real program and the real data, for a second or so. */
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
  try {
    await steps.run(vectors, 0, 1);
    let done = 0;
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    for (let count = 2; done < MOST_STEPS && seconds() < PATIENCE; count *= 2) {
      await steps.run(vectors, 0, count);
      done += count;
    }
    return seconds() / done;
  } finally {
    steps.dispose();
  }
}
