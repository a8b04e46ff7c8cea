/**
 * The interface of a loss term (method §5): a number per sample, its weight in the loss, and the settings it adds to an
 * expert. A term is one file in terms/ and a line in loss-terms.ts; step outputs, log, checkpoint and charts
 * carry its name. Its labels are in methods/loss-labels.ts.
 */
import type { ColumnName } from '../models/columns.ts';
import type { ConformationStatistics } from '../models/conformation-statistics.ts';
import type { Tensor } from '../program/tensor.ts';
import type { SettingGroup } from '../setting.ts';
import type { Residual } from './fokker-planck.ts';

/** One sample, noised: what terms are functions of. */
export interface NoisedSample {
  /** ε. */
  readonly noise: Tensor;
  /** x_t. */
  readonly x: Tensor;
  /** []. */
  readonly t: Tensor;
  /** How many numbers of it the loss is about: its coordinates, or 3N − 3 where noise and score are centred. */
  readonly dimensions: number;
  /** w(t), []. */
  readonly weight: Tensor;
  /** s(x_t, t). */
  readonly score: Tensor;
  /** Only where a term needs it: R costs several evaluations, and includes the score. */
  readonly residual: Residual | undefined;
  /** At t, [] ; undefined for a score without an energy. */
  readonly energy?: ((x: Tensor) => Tensor) | undefined;
  /** Of several configurations at t: [rows, …] → [rows]; undefined for a score without an energy. */
  readonly energies?: ((xs: Tensor) => Tensor) | undefined;
  /** Of the conformations of its molecule, where a network or a term begins with them. */
  readonly statistics?: ConformationStatistics | undefined;
  /** Further columns of the training set, by their input names. */
  readonly columns: Readonly<Record<string, Tensor>>;
}

/** How the Fokker–Planck residual is computed, and with how many estimates where probes stand for its derivatives. */
export interface ResidualForm {
  readonly kind: 'exact' | 'weak';
  readonly probes: number;
}

/** `Own`: the values of its settings, as an expert has them. */
export interface LossTerm<Own = object> {
  readonly name: string;
  /** Added to the settings of an expert. */
  readonly settings: SettingGroup;
  /** Weight in the loss; 0 leaves the term out. */
  weight(own: Own): number;
  /** The first of so many training steps that has the term. */
  firstStep(own: Own, steps: number): number;
  /** Work of a training step with this term, relative to a step of a score model with the denoising loss. */
  work(conservative: boolean): number;
  /** Where it needs an energy: the setting that switches the term off. */
  readonly needsEnergy?: string;
  /** Whether it needs the statistics of the molecule's conformations. */
  readonly needsStatistics?: true;
  residualForm?(own: Own): ResidualForm;
  /** Columns of the training set beside the positions. */
  readonly columns?: readonly ColumnName[];
  /** Whether it is measured on held-out frames, too. */
  readonly isValidated: boolean;
  of(sample: NoisedSample, own: Own): Tensor;
}
