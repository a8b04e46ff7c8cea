/**
 * What a simulation asks of its forces: a function of positions, whatever stands behind it. `modelForce` is the one
 * behind a trained model (method §3): `F(x) = kT · s(x/c, t_eval) / c` with x in nm, c the data scale in nm.
 */
import { TIME_FLOOR } from '../diffusion/process.ts';
import { isMolecular, type ScoreModel } from '../models/score-model.ts';
import { mul } from '../program/primitives.ts';
import type { InputSpec } from '../program/program.ts';
import type { Shape, Tensor } from '../program/tensor.ts';

export interface ForceField {
  /** Of one configuration: [D] for a toy, [N, 3] for a molecule. */
  readonly shape: Shape;
  /** What the force needs from outside, as inputs of the program that uses it. */
  readonly inputs: Readonly<Record<string, InputSpec>>;
  /** True where shifting the whole configuration changes nothing; a simulation then keeps its centre at the origin. */
  readonly translationInvariant: boolean;
  /** Positions in nm → forces in kJ/(mol·nm). */
  force(x: Tensor, inputs: Readonly<Record<string, Tensor>>): Tensor;
}

/** Inputs beside the model's own: those of `modelForceInputs`, so that t_eval can change without a new program. */
export const modelForce = (model: ScoreModel): ForceField => ({
  shape: model.shape,
  translationInvariant: isMolecular(model.shape),
  inputs: { ...model.inputs, evaluationTime: { shape: [] }, inverseScale: { shape: [] }, forceScale: { shape: [] } },
  force: (x, inputs) => {
    const { evaluationTime, inverseScale, forceScale } = inputs;
    const score = model.field(inputs).score(mul(x, inverseScale!), evaluationTime!);
    return mul(score, forceScale!);
  },
});

export interface ModelForceSettings {
  /** kJ/mol. */
  readonly kT: number;
  /** c: the standard deviation that the data were divided by, nm. */
  readonly scale: number;
  /** t_eval: the diffusion time at which the score stands for the force; the smallest, 1e-5, unless given. */
  readonly evaluationTime?: number;
}

export const modelForceInputs = ({ kT, scale, evaluationTime = TIME_FLOOR }: ModelForceSettings) => ({
  evaluationTime: [evaluationTime],
  inverseScale: [1 / scale],
  forceScale: [kT / scale],
});
