/**
 * The losses of a run's experts as they are told: the points so far, then new ones. Some are told twice, and after an
 * interruption training repeats the steps since its last checkpoint: a step counts once, as it was told last.
 * Losses have no unit; those of the Fokker–Planck term are squared residuals over the number of coordinates, (R / D)².
 */
import type { TrainingPoint } from '../../../core/host/contract.ts';

export interface LossCurve {
  readonly steps: readonly number[];
  /** NaN where no step of a stretch was taken. */
  readonly denoising: readonly number[];
  readonly fokkerPlanck: readonly number[];
}

interface Losses {
  steps: number[];
  denoising: number[];
  fokkerPlanck: number[];
}

export class LossRecord {
  readonly #experts: Losses[] = [];

  add(points: readonly TrainingPoint[]): void {
    for (const { expert, step, denoising, fokkerPlanck } of points) {
      const losses = this.#of(expert);
      let at = losses.steps.length;
      while (at > 0 && losses.steps[at - 1]! >= step) at--;
      const isTold = losses.steps[at] === step;
      losses.steps.splice(at, isTold ? 1 : 0, step);
      losses.denoising.splice(at, isTold ? 1 : 0, denoising ?? Number.NaN);
      losses.fokkerPlanck.splice(at, isTold ? 1 : 0, fokkerPlanck ?? Number.NaN);
    }
  }

  /** A copy, so that whoever draws it sees that it is another one. */
  curve(expert: number): LossCurve {
    const { steps, denoising, fokkerPlanck } = this.#of(expert);
    return { steps: [...steps], denoising: [...denoising], fokkerPlanck: [...fokkerPlanck] };
  }

  /** The last step that was told; 0 before the first. */
  lastStep(expert: number): number {
    return this.#experts[expert]?.steps.at(-1) ?? 0;
  }

  #of(expert: number): Losses {
    while (this.#experts.length <= expert) this.#experts.push({ steps: [], denoising: [], fokkerPlanck: [] });
    return this.#experts[expert]!;
  }
}
