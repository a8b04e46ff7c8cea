/**
 * A noise level as energies that are made from the statistics of conformations see it (method §4). Small noise, where bonds are
 * resolved, through log(σ² + v), so that t → 0 inherits what larger t have learned; large noise through λ = log(m/σ).
 */
import { add, cos, log, mul, sin, sub, tanh } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { NoiseLevel } from './network.ts';
import { rowOf } from './residual-mlp.ts';

export const SATURATING_TIMES = 8;

/** [] → [1, 8]; saturates where σ² is below v. */
export function saturatingTimes({ mean, variance }: NoiseLevel, resolution: number): Tensor {
  const whole = Math.log(resolution);
  const u = sub(1, mul(log(add(variance, resolution)), 2 / whole));
  const around = (phase: Tensor, turns: number) => [sin(mul(phase, turns * Math.PI)), cos(mul(phase, turns * Math.PI))];
  const features = [u, ...around(u, 1), ...around(u, 2), sub(mul(mean, 2), 1), ...around(mean, 1)];
  return rowOf(features);
}

export const SIGNAL_TIMES = 6;

/** [] → [1, 6]. */
export function signalTimes({ mean, variance }: NoiseLevel): Tensor {
  const lambda = sub(log(mean), mul(log(variance), 0.5));
  const around = (turns: number) => [sin(mul(lambda, turns * Math.PI)), cos(mul(lambda, turns * Math.PI))];
  return rowOf([tanh(lambda), mul(lambda, 1 / 3), ...around(1 / 4), ...around(1 / 2)]);
}
