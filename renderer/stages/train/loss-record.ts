/**
 * The losses of a run's networks as they arrive: the points so far, then new ones. Some arrive twice, and after an
 * interruption training repeats the steps since its last checkpoint: a step counts once, with its last values.
 * A point has the means of the terms of the loss by name; which there are, the method says.
 */
import type { TrainingPoint } from '../../../core/host/contract.ts';

export interface LossCurve {
  readonly steps: readonly number[];
  /** NaN where the steps of a point had no such term, or were all discarded. */
  readonly values: readonly number[];
}

type Point = Pick<TrainingPoint, 'step' | 'terms'>;

export class LossRecord {
  readonly #networks: Point[][] = [];

  add(points: readonly TrainingPoint[]): void {
    for (const { network, step, terms } of points) {
      const own = this.#of(network);
      let at = own.length;
      while (at > 0 && own[at - 1]!.step >= step) at--;
      own.splice(at, own[at]?.step === step ? 1 : 0, { step, terms });
    }
  }

  /** A new one each time, so that a chart sees that it has changed. */
  curve(network: number, term: string): LossCurve {
    const points = this.#of(network);
    return {
      steps: points.map(({ step }) => step),
      values: points.map(({ terms }) => terms[term] ?? Number.NaN),
    };
  }

  /** The last mean of a term that is a number. */
  last(network: number, term: string): number | undefined {
    return this.#of(network).findLast(({ terms }) => Number.isFinite(terms[term]))?.terms[term];
  }

  /** The last step that has arrived; 0 before the first. */
  lastStep(network: number): number {
    return this.#networks[network]?.at(-1)?.step ?? 0;
  }

  #of(network: number): Point[] {
    while (this.#networks.length <= network) this.#networks.push([]);
    return this.#networks[network]!;
  }
}
