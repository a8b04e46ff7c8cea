/**
 * One expert: a network that answers for a part of diffusion time, and how it is to be trained (method §4, §5).
 * Plain data, as it stands in a run record; `expertModel` turns it into something that can be evaluated.
 */
import { reshape } from '../program/primitives.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import {
  type GraphTransformerSpec,
  graphTransformerEnergy,
  graphTransformerParameters,
  graphTransformerVector,
} from './graph-transformer.ts';
import { type MlpSpec, mlp, mlpParameters } from './mlp.ts';
import { type Layout, layoutOf, type NamedTensors, split } from './parameters.ts';
import { conservativeField, type ScoreField, type ScoreModel } from './score-model.ts';
import type { TimeRange } from './time-features.ts';

export type NetworkSpec = MlpSpec | GraphTransformerSpec;

export interface Expert {
  readonly range: TimeRange;
  readonly network: NetworkSpec;
  /** True: the network is an energy and the score its negative gradient. False: the network is the score. */
  readonly conservative: boolean;
  /** Weight of the Fokker–Planck residual; 0 leaves it out. */
  readonly alpha: number;
  readonly residual: 'exact' | 'weak';
  /** Half of the training weight lies below this t, half above. */
  readonly midpoint: number;
}

export interface ExpertModel extends ScoreModel {
  readonly layout: Layout;
  /** Of the input `features`, for a network that takes them: [beads, features]. */
  readonly features: Shape | undefined;
  /** The field for parameters that are already split into named tensors. */
  fieldOf(parts: NamedTensors, features?: Tensor): ScoreField;
}

/** Its program inputs are `parameters`, the flat vector of its layout, and `features` where it takes them. */
export function expertModel(expert: Expert): ExpertModel {
  const { network, range, conservative } = expert;
  const [t0, t1] = range;
  if (!(t0 >= 0 && t0 < t1 && t1 <= 1)) throw new RangeError(`An expert cannot answer for the times ${t0}…${t1}.`);
  if (!conservative && expert.alpha !== 0) {
    throw new RangeError('Only a conservative expert has an energy for the Fokker–Planck residual: set alpha to 0.');
  }
  const { shape, layout, output } = network.kind === 'mlp' ? mlpOf(network, expert) : transformerOf(network, expert);
  const fieldOf = (parts: NamedTensors, given?: Tensor): ScoreField => {
    const at = (x: Tensor, t: Tensor) => output(parts, x, t, given);
    return conservative ? conservativeField(at) : { score: at };
  };
  const features =
    network.kind === 'graph-transformer' && network.features !== undefined
      ? [network.beads, network.features]
      : undefined;
  return {
    shape,
    layout,
    features,
    fieldOf,
    inputs: { parameters: { shape: [layout.size] }, ...(features ? { features: { shape: features } } : {}) },
    field: (inputs) => fieldOf(split(layout, inputs.parameters!), inputs.features),
  };
}

type Output = (parts: NamedTensors, x: Tensor, t: Tensor, features?: Tensor) => Tensor;

function mlpOf(spec: MlpSpec, { range, conservative }: Expert) {
  const output: Output = (parts, x, t) => {
    const y = mlp(spec, range, parts, x, t);
    return conservative ? reshape(y, []) : y;
  };
  const layout = layoutOf(mlpParameters(spec, range, conservative ? 1 : spec.dimension));
  return { shape: [spec.dimension], layout, output };
}

function transformerOf(spec: GraphTransformerSpec, { range, conservative }: Expert) {
  const evaluate = conservative ? graphTransformerEnergy : graphTransformerVector;
  const output: Output = (parts, x, t, features) => evaluate(spec, range, parts, x, t, features);
  const layout = layoutOf(graphTransformerParameters(spec, range, conservative ? 1 : 3));
  return { shape: [spec.beads, 3], layout, output };
}
