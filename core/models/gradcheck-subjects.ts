/**
 * The energies of all networks as subjects of the derivative check, with every parameter an input of its own.
 */
import { normals, type Recipe } from '../engines/gradcheck/numbers.ts';
import type { GradcheckSubject } from '../engines/gradcheck.ts';
import { mul, sub } from '../program/primitives.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import type { NoiseLevel } from './network.ts';
import { networkKinds, networkOf } from './networks.ts';

/** Not shorter: differences could not follow the time features of a narrow expert. */
const RANGE = [0, 0.5] as const;
const insideRange: Recipe = (count, random) =>
  Float32Array.from({ length: count }, () => RANGE[1] * (0.1 + 0.8 * random.uniform()));

/** A noise level that falls and rises smoothly with t. */
const noiseAt = (t: Tensor): NoiseLevel => ({ mean: sub(1, mul(t, t)), variance: mul(t, t) });

export const networkSubjects: readonly GradcheckSubject[] = networkKinds.map((kind) => {
  const network = networkOf({ kind });
  return {
    what: `${network.title} energy`,
    build(width) {
      const spec = network.gradcheck.spec(width);
      const parameters = network.parameters(spec, RANGE, 'energy');
      const numbersOf = network.gradcheck.numbersOf ?? (() => ({}));
      return {
        inputs: {
          x: { shape: network.sizeOf(spec).shape, perSample: true, numbers: normals(0.5) },
          t: { shape: [] as Shape, perSample: true, numbers: insideRange },
          ...Object.fromEntries(parameters.map((each) => [each.name, { shape: each.shape, ...numbersOf(each) }])),
        },
        energy: (inputs: Readonly<Record<string, Tensor>>) =>
          network.evaluate(spec, RANGE, 'energy', inputs, { x: inputs.x!, t: inputs.t!, noise: noiseAt(inputs.t!) }),
        x: ['x', 't'],
        theta: parameters.map(({ name }) => name),
      };
    },
  };
});
