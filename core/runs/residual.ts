/**
 * The Fokker–Planck residual of a trained model against diffusion time (method §9): mean |R|/D over noised data, for
 * each of its conservative experts in that expert's own range. The picture of why a model is or is not consistent.
 */

import { TIME_FLOOR } from '../diffusion/process.ts';
import { residualCurve, residualCurveInputs } from '../diffusion/residual-curve.ts';
import type { Engine } from '../engines/engine.ts';
import { ErgodicError } from '../errors.ts';
import { expertAt } from '../models/time-experts.ts';
import { sizeOf } from '../program/tensor.ts';
import type { Task } from './task.ts';
import type { TrainedExpert } from './trained-model.ts';
import type { DataSet } from './training-data.ts';

/** Data points that each |R| is averaged over. */
const SAMPLES = 1024;

export interface ResidualCurve {
  readonly t: number[];
  readonly meanAbsR: number[];
}

/** `points` times from just above 0 to 1; those of experts without an energy are left out. */
export async function measureResidual(
  experts: readonly TrainedExpert[],
  data: DataSet,
  points: number,
  seed: number,
  engine: Engine,
  task: Task,
): Promise<ResidualCurve> {
  const ranges = experts.map(({ expert }) => expert);
  const times = Array.from({ length: points }, (_, i) => TIME_FLOOR + ((1 - TIME_FLOOR) * (i + 0.5)) / points);
  const samples = Math.min(SAMPLES, data.count);
  const x0 = Float32Array.from({ length: samples * data.dimension }, (_, i) => {
    const row = Math.floor((Math.floor(i / data.dimension) * data.count) / samples);
    return data.values[row * data.dimension + (i % data.dimension)]!;
  });
  const curve: ResidualCurve = { t: [], meanAbsR: [] };
  for (const [index, { expert, model, parameters }] of experts.entries()) {
    const own = times.filter((t) => expertAt(ranges, t) === index);
    if (!expert.conservative || own.length === 0) continue;
    const program = await engine.compile(residualCurve(model));
    try {
      const block = Math.max(1, Math.ceil(64 / sizeOf(model.shape)));
      for (let from = 0; from < own.length; from += block) {
        task.signal.throwIfAborted();
        const some = own.slice(from, from + block);
        const call = residualCurveInputs(some, model.shape, samples);
        const firstStep = (curve.t.length * sizeOf(model.shape)) % 2 ** 31;
        const { residual } = await program.run({
          ...call,
          samples,
          seed,
          firstStep,
          inputs: { ...call.inputs, parameters, x0 },
        });
        curve.t.push(...some);
        curve.meanAbsR.push(...residual!);
        task.report({ done: Math.min(points, curve.t.length), total: points, unit: 'times' });
      }
    } finally {
      program.dispose();
    }
  }
  if (curve.t.length === 0) {
    throw new ErgodicError(
      'No expert of this model is conservative: without an energy there is no Fokker–Planck residual.',
    );
  }
  return curve;
}
