/**
 * A training as a window sees it: the new points of its curves, and every half minute the Fokker–Planck residual of the
 * networks that have one, with few times and data points; the evaluation of a run measures it properly.
 */
import type { Engine } from '../../engines/engine.ts';
import type { TrainedNetwork } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { RunData } from '../../runs/data/run-data.ts';
import { measureResidual } from '../../runs/evaluation/residual.ts';
import type { TrainingView } from '../../runs/spectator.ts';
import type { TrainingLine } from '../../runs/training/training-log.ts';
import type { Specification } from '../../specification/settings.ts';
import type { Residual, TrainingPoint } from '../contract.ts';

/** Seconds to the first one, and from one to the next. */
const FIRST = 8;
const BETWEEN = 25;
/** Fraction of the time that goes into it, at most. */
const FRACTION = 1 / 40;
const TIMES = 16;
const SWEEPS = 512;

export interface TrainingListener {
  points(points: TrainingPoint[]): void;
  residual(residual: Residual): void;
}

export class TrainingWatch implements TrainingView {
  readonly #data: RunData;
  readonly #specification: Specification;
  readonly #to: TrainingListener;
  readonly #now: () => number;
  readonly #curves = new Map<number, Awaited<ReturnType<typeof measureResidual>>>();
  readonly #next = new Map<number, number>();

  /** `now`: in seconds. */
  constructor(data: RunData, specification: Specification, to: TrainingListener, now = () => performance.now() / 1000) {
    this.#data = data;
    this.#specification = specification;
    this.#to = to;
    this.#now = now;
  }

  logged(lines: readonly TrainingLine[]): void {
    if (lines.length === 0) return;
    this.#to.points(lines.map(({ network, step, terms }) => ({ network, step, terms })));
  }

  async see(index: number, trained: TrainedNetwork, engine: Engine): Promise<void> {
    const { reference, system } = this.#data;
    const specification = this.#specification;
    const network = { ...trained, features: system.features?.values };
    const ranges = methodOf(specification).residual?.([network], TIMES) ?? [];
    if (ranges.length === 0) return;
    const start = this.#now();
    const due = this.#next.get(index);
    if (due === undefined) this.#next.set(index, start + FIRST);
    if (due === undefined || start < due) return;
    const nobody = { name: 'residual', signal: new AbortController().signal, report: () => undefined };
    const curve = await measureResidual(ranges, reference, system.scale, 0, engine, nobody, SWEEPS);
    this.#curves.set(index, curve);
    const end = this.#now();
    this.#next.set(index, end + Math.max(BETWEEN, (end - start) / FRACTION));
    const curves = [...this.#curves].sort(([a], [b]) => a - b).map(([, curve]) => curve);
    this.#to.residual({
      t: curves.flatMap(({ t }) => t),
      meanAbsR: curves.flatMap(({ meanAbsR }) => meanAbsR),
      spread: curves.flatMap(({ spread }) => spread),
    });
  }
}
