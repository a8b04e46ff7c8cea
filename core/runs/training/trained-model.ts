/**
 * A model with its weights: the experts of a specification, and one flat parameter vector for each.
 * On disk the tensors have names a person can read, `expert0.layer1.w`.
 */
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { Safetensors, StoredTensor, TensorData } from '../../formats/safetensors.ts';
import { type Expert, type ExpertModel, expertModel } from '../../diffusion/expert.ts';
import type { Shape } from '../../program/tensor.ts';
import type { Specification } from '../../specification/settings.ts';
import type { RunSystem } from '../data/run-system.ts';

export interface TrainedExpert {
  readonly expert: Expert;
  readonly model: ExpertModel;
  readonly parameters: Numbers;
  /** Of the beads, for a model that takes them. */
  readonly features?: Numbers | undefined;
}

export function expertsOf(
  specification: Specification,
  { shape, features }: Pick<RunSystem, 'shape' | 'features'>,
): Expert[] {
  return specification.experts.map(({ range, network, conservative, alpha, residual, weightMidpoint }) => ({
    range: [range[0], range[1]],
    network:
      network.kind === 'mlp'
        ? { ...network, dimension: shape[0]! }
        : { ...network, beads: shape[0]!, ...(features ? { features: features.shape[1]! } : {}) },
    conservative,
    alpha,
    residual,
    midpoint: weightMidpoint,
  }));
}

/** The same expert for a molecule of another size. */
export const forShape = (expert: Expert, shape: Shape): Expert =>
  expert.network.kind === 'mlp' ? expert : { ...expert, network: { ...expert.network, beads: shape[0]! } };

/** What a program needs of a trained expert. */
export const modelInputs = ({ parameters, features }: TrainedExpert): Readonly<Record<string, Numbers>> => ({
  parameters,
  ...(features ? { features } : {}),
});

export function encodeModel(experts: readonly TrainedExpert[], metadata: ReadonlyMap<string, string>): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  experts.forEach(({ model, parameters }, i) => {
    for (const { name, shape, offset } of model.layout.parameters) {
      const size = shape.reduce((n, d) => n * d, 1);
      tensors.set(`expert${i}.${name}`, { shape, data: parameters.slice(offset, offset + size) });
    }
  });
  return { tensors, metadata };
}

export function decodeModel(
  { tensors }: Safetensors,
  specification: Specification,
  system: RunSystem,
  path: string,
): TrainedExpert[] {
  return expertsOf(specification, system).map((expert, i) => {
    const model = expertModel(expert);
    let parameters: Numbers | undefined;
    for (const { name, shape, offset } of model.layout.parameters) {
      const stored = tensors.get(`expert${i}.${name}`);
      const size = shape.reduce((n, d) => n * d, 1);
      if (!stored || stored.data.length !== size || !isNumbers(stored.data)) {
        throw new ErgodicError(
          `The model in \`${path}\` does not fit its specification: \`expert${i}.${name}\` is ${stored ? 'of another size' : 'missing'}.`,
        );
      }
      parameters ??=
        stored.data instanceof Float64Array ? new Float64Array(model.layout.size) : new Float32Array(model.layout.size);
      parameters.set(stored.data, offset);
    }
    return { expert, model, parameters: parameters!, features: system.features?.values };
  });
}

export const isNumbers = (data: TensorData): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array;
