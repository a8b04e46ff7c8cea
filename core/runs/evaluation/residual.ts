/**
 * The Fokker–Planck residual of a trained model against diffusion time (method §9): mean |R|/D over noised data and the
 * spread of R/D, for each range of times that has an energy. It shows why a model is consistent, or is not.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { residualCurve, residualCurveInputs } from '../../diffusion/residual-curve.ts';
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { ResidualRange } from '../../methods/method.ts';
import { sizeOf } from '../../program/tensor.ts';
import type { Task } from '../../task.ts';
import { type DataSet, spaced } from '../data/data-set.ts';

/** Data points that each |R| is averaged over, times their dimension, unless said otherwise: R costs a sweep for each dimension. */
const SAMPLE_SWEEPS = 2048;

export interface ResidualCurve {
  readonly t: number[];
  readonly meanAbsR: number[];
  /** Standard deviation of R/D over x: without the part that depends on t only and changes no force. Older runs stored none. */
  readonly spread?: number[] | undefined;
}

interface MeasuredResidual extends ResidualCurve {
  readonly spread: number[];
}

/** `data` in the system's units, `scale` what the model divides them by. */
export async function measureResidual(
  ranges: readonly ResidualRange[],
  data: DataSet,
  scale: number,
  seed: number,
  engine: Engine,
  task: Task,
  sweeps = SAMPLE_SWEEPS,
): Promise<MeasuredResidual> {
  if (ranges.length === 0) {
    throw new ErgodicError('This model has no energy, and without one there is no Fokker–Planck residual.');
  }
  const points = ranges.reduce((sum, { times }) => sum + times.length, 0);
  const samples = Math.min(Math.ceil(sweeps / data.dimension), data.count);
  const x0 = spaced(data, samples).map((value) => value / scale);
  const curve: MeasuredResidual = { t: [], meanAbsR: [], spread: [] };
  const report = () => task.report({ done: curve.t.length, total: points, unit: 'times' });
  report();
  for (const { model, inputs: fixed, times: own } of ranges) {
    const program = await engine.compile(residualCurve(model));
    try {
      const block = Math.max(1, Math.ceil(64 / sizeOf(model.shape)));
      for (let from = 0; from < own.length; from += block) {
        await turn();
        task.signal.throwIfAborted();
        const some = own.slice(from, from + block);
        const call = residualCurveInputs(some, model.shape, samples);
        // Noise is named by the index on the curve, so how it is cut into calls changes nothing.
        const firstStep = curve.t.length * sizeOf(model.shape);
        const inputs = { ...call.inputs, ...fixed, x0 };
        const { residual, mean, square } = await program.run({ ...call, samples, seed, firstStep, inputs });
        curve.t.push(...some);
        curve.meanAbsR.push(...residual!);
        curve.spread.push(...Array.from(square!, (value, i) => Math.sqrt(Math.max(0, value - mean![i]! ** 2))));
        report();
      }
    } finally {
      program.dispose();
    }
  }
  return curve;
}
