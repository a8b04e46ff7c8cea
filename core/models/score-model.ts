/**
 * What diffusion and dynamics ask of a model, be it a network or a closed form in a test.
 *
 * `log q(x, t) = −E(x, t)` up to a constant and `score = ∇ₓ log q = −∇ₓE` (method §3), in the model's own units
 * (data divided by its scale). A model without an energy has only a score.
 */
import { gradients } from '../program/differentiate.ts';
import { mean } from '../program/functions.ts';
import { neg, sub } from '../program/primitives.ts';
import type { InputSpec } from '../program/program.ts';
import { type Shape, sizeOf, type Tensor } from '../program/tensor.ts';

export interface ScoreField {
  /** x of the model's shape, t [] → []. */
  readonly energy?: (x: Tensor, t: Tensor) => Tensor;
  /** x, t → the shape of x. */
  readonly score: (x: Tensor, t: Tensor) => Tensor;
  /** Of several configurations at one t: xs [rows, …] → [rows]. */
  readonly energies?: (xs: Tensor, t: Tensor) => Tensor;
}

export interface ScoreModel {
  /** Of one configuration: [D] for a toy, [N, 3] for a molecule. */
  readonly shape: Shape;
  /** What the field needs from outside, as inputs of the program that uses it. */
  readonly inputs: Readonly<Record<string, InputSpec>>;
  field(inputs: Readonly<Record<string, Tensor>>): ScoreField;
}

export type Energy = (x: Tensor, t: Tensor) => Tensor;

/** A molecule's energy does not depend on where it is, so its centre is a matter of convention. */
export const isMolecular = (shape: Shape): boolean => shape.length === 2;

/** Dimensions in which the density of configurations can change: a molecule's centre is not one of them. */
export const degreesOfFreedom = (shape: Shape): number => (isMolecular(shape) ? sizeOf(shape) - 3 : sizeOf(shape));

/** Puts a molecule's centre of geometry at the origin, [N, 3]. */
export const centred = (x: Tensor): Tensor => sub(x, mean(x, [0]));

/** The score of an energy, by one reverse sweep. */
export const conservativeField = (energy: Energy): Required<Omit<ScoreField, 'energies'>> => ({
  energy,
  score: (x, t) => neg(gradients(energy(x, t), [x])[0]!),
});
