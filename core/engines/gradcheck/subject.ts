/**
 * An energy to be checked, as the owner of a network describes it to `gradcheck`.
 *
 * Engines know no models; this type is the whole meeting point.
 */
import type { InputSpec } from '../../program/program.ts';
import type { Tensor } from '../../program/tensor.ts';
import type { Recipe } from './numbers.ts';

export interface SubjectInput extends InputSpec {
  /** By default normal numbers, for shared inputs divided by the square root of their number of rows. */
  readonly numbers?: Recipe;
}

export interface Energy {
  readonly inputs: Readonly<Record<string, SubjectInput>>;
  /** One number per sample. */
  energy(inputs: Readonly<Record<string, Tensor>>): Tensor;
  /** Names of the per-sample inputs that the force is taken of. */
  readonly x: readonly string[];
  /** Names of the shared inputs that are trained. */
  readonly theta: readonly string[];
}

export interface GradcheckSubject {
  readonly what: string;
  /** Those of the whole check by default. */
  readonly widths?: readonly number[];
  build(width: number): Energy;
}
