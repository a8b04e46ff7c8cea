/** How long all networks take together, from what each takes: as many at once as there are threads, in their order. */
import type { NetworkEstimate } from '../../../core/host/contract.ts';

export interface TrainingCost {
  /** s. */
  readonly seconds: number;
  /** Of those that train at once, at most. */
  readonly bytes: number;
}

export function trainingCost(networks: readonly NetworkEstimate[], threads: number): TrainingCost {
  const lanes = new Array<number>(Math.max(1, Math.min(networks.length, threads))).fill(0);
  for (const { seconds } of networks) {
    const free = lanes.indexOf(Math.min(...lanes));
    lanes[free]! += seconds;
  }
  const largest = networks.map(({ bytes }) => bytes).sort((a, b) => b - a);
  return { seconds: Math.max(...lanes), bytes: largest.slice(0, lanes.length).reduce((sum, bytes) => sum + bytes, 0) };
}
