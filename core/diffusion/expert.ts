/**
 * One expert: a network that answers for a part of diffusion time, and how it is to be trained (method §4, §5).
 * Plain data, as it stands in a run record; `expertModel` turns it into something that can be evaluated.
 */
import type { ConformationStatistics } from '../models/conformation-statistics.ts';
import { type NetworkSpec, networkOf } from '../models/networks.ts';
import { type Layout, layoutOf, type NamedTensors, split } from '../models/parameters.ts';
import { centred, conservativeField, type ScoreField, type ScoreModel } from '../models/score-model.ts';
import type { TimeRange } from '../models/time-features.ts';
import { concat, reshape, slice } from '../program/primitives.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { gaugeParameters, hasGauge } from './gauge.ts';
import { type TermSettings, termsOf } from './loss-terms.ts';
import { noiseLevel } from './process.ts';
import type { TrainingTimes } from './training-times.ts';

/** With the settings of its loss terms. */
export interface Expert extends Partial<TermSettings> {
  readonly range: TimeRange;
  readonly network: NetworkSpec;
  /** True: the network is an energy and the score its negative gradient. False: the network is the score. */
  readonly conservative: boolean;
  /** Of the conformations that are learned from, for loss terms that need them. */
  readonly statistics?: ConformationStatistics | undefined;
  /** How t is drawn in training; `uniform` unless given. */
  readonly times?: TrainingTimes;
  /** v of the times that follow log(σ² + v). */
  readonly varianceFloor?: number;
  /** Half of the training weight lies below this t, half above. */
  readonly midpoint: number;
}

export interface ExpertModel extends ScoreModel {
  readonly layout: Layout;
  /** Of the input `features`, for a network that takes them: [beads, features]. */
  readonly features: Shape | undefined;
  /** The field for parameters that are already split into named tensors. */
  fieldOf(weights: NamedTensors, features?: Tensor): ScoreField;
}

/** Energies of configurations, one after the other. */
const oneByOne = (energy: (x: Tensor) => Tensor, xs: Tensor): Tensor =>
  concat(
    Array.from({ length: xs.shape[0]! }, (_, row) =>
      reshape(energy(reshape(slice(xs, 0, row, row + 1), xs.shape.slice(1))), [1]),
    ),
    0,
  );

/** Its program inputs are `parameters`, the flat vector of its layout, and `features` where it takes them. */
export function expertModel(expert: Expert): ExpertModel {
  const { network, range, conservative } = expert;
  const [t0, t1] = range;
  if (!(t0 >= 0 && t0 < t1 && t1 <= 1)) throw new RangeError(`An expert cannot answer for the times ${t0}…${t1}.`);
  const impossible = termsOf(expert).find(({ needsEnergy }) => needsEnergy !== undefined && !conservative);
  if (impossible) {
    const { name, needsEnergy } = impossible;
    throw new RangeError(`Only a conservative expert has an energy for the term ${name}: set ${needsEnergy} to 0.`);
  }
  const entry = networkOf(network);
  if (entry.isInvariant && !conservative)
    throw new RangeError(`${entry.title} has no vector output: set conservative.`);
  const output = conservative ? 'energy' : 'vector';
  const size = entry.sizeOf(network);
  const { shape } = size;
  const features = size.features === undefined ? undefined : [shape[0]!, size.features];
  const own = entry.parameters(network, range, output);
  const layout = layoutOf(hasGauge(expert) ? [...own, ...gaugeParameters] : own);
  const fieldOf = (weights: NamedTensors, given?: Tensor): ScoreField => {
    const at = (x: Tensor, t: Tensor) =>
      entry.evaluate(network, range, output, weights, { x, t, noise: noiseLevel(t), features: given });
    if (!conservative) return { score: entry.isCentred ? (x, t) => centred(at(x, t)) : at };
    const energies = (xs: Tensor, t: Tensor) =>
      entry.energies?.(network, range, weights, { xs, t, noise: noiseLevel(t), features: given }) ??
      oneByOne((x) => at(x, t), xs);
    return { ...conservativeField(at), energies };
  };
  return {
    shape,
    layout,
    features,
    fieldOf,
    inputs: { parameters: { shape: [layout.size] }, ...(features ? { features: { shape: features } } : {}) },
    field: (inputs) => fieldOf(split(layout, inputs.parameters!), inputs.features),
  };
}
