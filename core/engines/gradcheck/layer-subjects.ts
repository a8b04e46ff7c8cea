/**
 * The layers that networks are made of, each as the smallest energy that contains it: Σ c · layer(x W + b).
 */
import { gelu, normalise, sigmoid, silu, softmax } from '../../program/functions.ts';
import { add, matmul, mul, reshape, sum, tanh } from '../../program/primitives.ts';
import type { Tensor } from '../../program/tensor.ts';
import { normals } from './numbers.ts';
import type { GradcheckSubject } from './subject.ts';

const LAYERS: Readonly<Record<string, (x: Tensor) => Tensor>> = { tanh, sigmoid, silu, gelu, softmax, normalise };

const behindLinear = (what: string, layer: (x: Tensor) => Tensor): GradcheckSubject => ({
  what,
  build: (width) => ({
    inputs: {
      x: { shape: [1, width], perSample: true },
      W: { shape: [width, width] },
      b: { shape: [width], numbers: normals(0.3) },
      c: { shape: [width], numbers: normals() },
    },
    energy: ({ x, W, b, c }) => sum(mul(layer(add(reshape(matmul(x!, W!), [width]), b!)), c!)),
    x: ['x'],
    theta: ['W', 'b', 'c'],
  }),
});

const BEADS = 3;

/** One head over a few beads, with a skip connection. */
const attention: GradcheckSubject = {
  what: 'attention',
  build: (width) => {
    const matrix = { shape: [width, width] };
    return {
      inputs: {
        x: { shape: [BEADS, width], perSample: true },
        query: matrix,
        key: matrix,
        value: matrix,
        c: { shape: [BEADS, width], numbers: normals() },
      },
      energy: ({ x, query, key, value, c }) => {
        const scores = matmul(matmul(x!, query!), matmul(x!, key!), false, true);
        const weights = softmax(mul(scores, 1 / Math.sqrt(width)));
        const mixed = matmul(weights, matmul(x!, value!));
        return sum(mul(normalise(add(x!, mixed)), c!));
      },
      x: ['x'],
      theta: ['query', 'key', 'value', 'c'],
    };
  },
};

export const layerSubjects: readonly GradcheckSubject[] = [
  ...Object.entries(LAYERS).map(([what, layer]) => behindLinear(what, layer)),
  attention,
];
