/**
 * The Fokker–Planck residual of a trained model against diffusion time (method §9): mean |R|/D over noised data, for
 * each of its conservative experts in that expert's own range. The picture of why a model is or is not consistent.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { TIME_FLOOR } from '../../diffusion/process.ts';
import { residualCurve, residualCurveInputs } from '../../diffusion/residual-curve.ts';
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { TimeRange } from '../../models/time-features.ts';
import { sizeOf } from '../../program/tensor.ts';
import type { Task } from '../../task.ts';
import { type DataSet, spaced } from '../data/data-set.ts';
import { modelInputs, type TrainedExpert } from '../training/trained-model.ts';

/** Data points that each |R| is averaged over, times their dimension, unless said otherwise: R costs a sweep for each dimension. */
const SAMPLE_SWEEPS = 2048;

export interface ResidualCurve {
  readonly t: number[];
  readonly meanAbsR: number[];
}

/** `data` in the system's units, `scale` what the model divides them by. At `points` times, evenly spread over the ranges of the experts that are energies: the others have no residual. */
export async function measureResidual(
  experts: readonly TrainedExpert[],
  data: DataSet,
  scale: number,
  points: number,
  seed: number,
  engine: Engine,
  task: Task,
  sweeps = SAMPLE_SWEEPS,
): Promise<ResidualCurve> {
  const measured = experts.filter(({ expert }) => expert.conservative);
  if (measured.length === 0) {
    throw new ErgodicError(
      'No expert of this model is conservative: without an energy there is no Fokker–Planck residual.',
    );
  }
  const times = spreadOver(
    measured.map(({ expert }) => expert.range),
    points,
  );
  const samples = Math.min(Math.ceil(sweeps / data.dimension), data.count);
  const x0 = spaced(data, samples).map((value) => value / scale);
  const curve: ResidualCurve = { t: [], meanAbsR: [] };
  const report = () => task.report({ done: curve.t.length, total: points, unit: 'times' });
  report();
  for (const [index, expert] of measured.entries()) {
    const { model } = expert;
    const own = times[index]!;
    const program = await engine.compile(residualCurve(model));
    try {
      const block = Math.max(1, Math.ceil(64 / sizeOf(model.shape)));
      for (let from = 0; from < own.length; from += block) {
        await turn();
        task.signal.throwIfAborted();
        const some = own.slice(from, from + block);
        const call = residualCurveInputs(some, model.shape, samples);
        // Noise is named by the place on the curve, so how it is cut into calls changes nothing.
        const firstStep = curve.t.length * sizeOf(model.shape);
        const inputs = { ...call.inputs, ...modelInputs(expert), x0 };
        const { residual } = await program.run({ ...call, samples, seed, firstStep, inputs });
        curve.t.push(...some);
        curve.meanAbsR.push(...residual!);
        report();
      }
    } finally {
      program.dispose();
    }
  }
  return curve;
}

/** Middles of `points` equal parts of what the ranges cover together, sorted into the ranges. */
function spreadOver(ranges: readonly TimeRange[], points: number): number[][] {
  const lengths = ranges.map(([from, to]) => to - Math.max(from, TIME_FLOOR));
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  const found: number[][] = ranges.map(() => []);
  for (let i = 0; i < points; i++) {
    let along = (whole * (i + 0.5)) / points;
    let index = 0;
    while (index + 1 < ranges.length && along >= lengths[index]!) along -= lengths[index++]!;
    found[index]!.push(Math.max(ranges[index]![0], TIME_FLOOR) + along);
  }
  return found;
}
