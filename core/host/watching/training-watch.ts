/**
 * A training as a window sees it: the new points of its curves, and every half minute the Fokker–Planck residual of the
 * experts that have one, as they are. A picture for the eye, with few times and data points; the evaluation of a run
 * measures it properly.
 */
import type { Engine } from '../../engines/engine.ts';
import type { RunData } from '../../runs/data/run-data.ts';
import { measureResidual } from '../../runs/evaluation/residual.ts';
import type { TrainingView } from '../../runs/spectator.ts';
import type { TrainedExpert } from '../../runs/training/trained-model.ts';
import type { TrainingLine } from '../../runs/training/training-log.ts';
import type { Residual, TrainingPoint } from '../contract.ts';

/** Seconds to the first one, and from one to the next. */
const FIRST = 8;
const BETWEEN = 25;
/** Share of the time that goes into it, at most. */
const SHARE = 1 / 40;
const TIMES = 16;
const SWEEPS = 512;

export interface TrainingListener {
  points(points: TrainingPoint[]): void;
  residual(residual: Residual): void;
}

export class TrainingWatch implements TrainingView {
  readonly #data: RunData;
  readonly #to: TrainingListener;
  readonly #now: () => number;
  readonly #curves = new Map<number, Residual>();
  readonly #next = new Map<number, number>();

  /** `now`: in seconds. */
  constructor(data: RunData, to: TrainingListener, now = () => performance.now() / 1000) {
    this.#data = data;
    this.#to = to;
    this.#now = now;
  }

  logged(lines: readonly TrainingLine[]): void {
    if (lines.length === 0) return;
    this.#to.points(
      lines.map(({ expert, step, denoising, fokkerPlanck }) => ({ expert, step, denoising, fokkerPlanck })),
    );
  }

  async see(place: number, trained: TrainedExpert, engine: Engine): Promise<void> {
    if (!trained.expert.conservative) return;
    const start = this.#now();
    const due = this.#next.get(place);
    if (due === undefined) this.#next.set(place, start + FIRST);
    if (due === undefined || start < due) return;
    const { reference, system } = this.#data;
    const expert = { ...trained, features: system.features?.values };
    const nobody = { name: 'residual', signal: new AbortController().signal, report: () => undefined };
    const curve = await measureResidual([expert], reference, system.scale, TIMES, 0, engine, nobody, SWEEPS);
    this.#curves.set(place, curve);
    const end = this.#now();
    this.#next.set(place, end + Math.max(BETWEEN, (end - start) / SHARE));
    const curves = [...this.#curves].sort(([a], [b]) => a - b).map(([, curve]) => curve);
    this.#to.residual({ t: curves.flatMap(({ t }) => t), meanAbsR: curves.flatMap(({ meanAbsR }) => meanAbsR) });
  }
}
