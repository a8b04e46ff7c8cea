/**
 * A model with its weights: the networks of a method, and one flat parameter vector for each.
 * On disk the tensors have names a person can read, `expert0.layer1.w`.
 */
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { Safetensors, StoredTensor, TensorData } from '../../formats/safetensors.ts';
import type { TrainableNetwork, TrainedNetwork } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { RunSystem } from '../data/run-system.ts';

/** What the method of a specification trains. */
export const networksOf = (
  specification: Specification,
  { shape, features, statistics, kinds }: Pick<RunSystem, 'shape' | 'features' | 'statistics' | 'kinds'>,
): TrainableNetwork[] =>
  methodOf(specification).networks(specification, { shape, features: features?.shape[1], statistics, kinds });

export function encodeModel(networks: readonly TrainedNetwork[], metadata: ReadonlyMap<string, string>): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  for (const { network, parameters } of networks) {
    for (const { name, shape, offset } of network.layout.parameters) {
      const size = shape.reduce((n, d) => n * d, 1);
      tensors.set(`${network.key}.${name}`, { shape, data: parameters.slice(offset, offset + size) });
    }
  }
  return { tensors, metadata };
}

export function decodeModel(
  { tensors }: Safetensors,
  specification: Specification,
  system: RunSystem,
  path: string,
): TrainedNetwork[] {
  return networksOf(specification, system).map((network) => {
    const { key, layout } = network;
    let parameters: Numbers | undefined;
    for (const { name, shape, offset, optional } of layout.parameters) {
      const stored = tensors.get(`${key}.${name}`);
      if (!stored && optional) continue;
      const size = shape.reduce((n, d) => n * d, 1);
      if (!stored || stored.data.length !== size || !isNumbers(stored.data)) {
        throw new ErgodicError(
          `The model in \`${path}\` does not fit its specification: \`${key}.${name}\` is ${stored ? 'of another size' : 'missing'}.`,
        );
      }
      parameters ??=
        stored.data instanceof Float64Array ? new Float64Array(layout.size) : new Float32Array(layout.size);
      parameters.set(stored.data, offset);
    }
    return { network, parameters: parameters!, features: system.features?.values };
  });
}

export const isNumbers = (data: TensorData): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array;
