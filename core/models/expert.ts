/**
 * One expert: a network that answers for a part of diffusion time, and how it is to be trained (method §4, §5).
 * Plain data, as it stands in a run record; `expertModel` turns it into something that can be evaluated.
 */
import { reshape } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import {
  type GraphTransformerSpec,
  graphTransformerEnergy,
  graphTransformerParameters,
  graphTransformerVector,
} from './graph-transformer.ts';
import { type MlpSpec, mlp, mlpParameters } from './mlp.ts';
import { type Layout, layoutOf, type Parts, split } from './parameters.ts';
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
  /** The field for parameters that are already split into named tensors. */
  fieldOf(parts: Parts): ScoreField;
}

/** Its program input is `parameters`, the flat vector of its layout. */
export function expertModel(expert: Expert): ExpertModel {
  const { network, range, conservative } = expert;
  const [t0, t1] = range;
  if (!(t0 >= 0 && t0 < t1 && t1 <= 1)) throw new RangeError(`An expert cannot answer for the times ${t0}…${t1}.`);
  if (!conservative && expert.alpha !== 0) {
    throw new RangeError('Only a conservative expert has an energy for the Fokker–Planck residual: set alpha to 0.');
  }
  const { shape, layout, output } = network.kind === 'mlp' ? mlpOf(network, expert) : transformerOf(network, expert);
  const fieldOf = (parts: Parts): ScoreField =>
    conservative ? conservativeField((x, t) => output(parts, x, t)) : { score: (x, t) => output(parts, x, t) };
  return {
    shape,
    layout,
    fieldOf,
    inputs: { parameters: { shape: [layout.size] } },
    field: (inputs) => fieldOf(split(layout, inputs.parameters!)),
  };
}

type Output = (parts: Parts, x: Tensor, t: Tensor) => Tensor;

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
  const output: Output = (parts, x, t) => evaluate(spec, range, parts, x, t);
  const layout = layoutOf(graphTransformerParameters(spec, range, conservative ? 1 : 3));
  return { shape: [spec.beads, 3], layout, output };
}
