/**
 * The networks as subjects of the derivative check, with every parameter an input of its own.
 */
import { normals, type Recipe } from '../engines/gradcheck/numbers.ts';
import type { GradcheckSubject } from '../engines/gradcheck.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { type Expert, expertModel } from './expert.ts';
import type { ParameterSpec } from './parameters.ts';

const networks: readonly { what: string; network(width: number): Expert['network'] }[] = [
  { what: 'MLP energy', network: (width) => ({ kind: 'mlp', dimension: 2, widths: [width, width] }) },
  {
    what: 'graph transformer energy',
    network: (width) => ({
      kind: 'graph-transformer',
      beads: 5,
      hidden: width,
      layers: 2,
      // The reference at its size; elsewhere small heads, so that both forms of attention occur, and more is told.
      ...(width >= 96 ? { heads: 8, headWidth: 64 } : { heads: 2, headWidth: width, triples: 2 }),
    }),
  },
];

/** Not shorter: differences could not follow the time features of a narrow expert. */
const RANGE = [0, 0.5] as const;
const insideRange: Recipe = (count, random) =>
  Float32Array.from({ length: count }, () => RANGE[1] * (0.1 + 0.8 * random.uniform()));

/**
 * Layer norm of a few almost equal numbers is almost singular, and differences of it worth nothing. So biases keep the
 * features of a node apart, and what attention and feed-forward add to them is small.
 */
function numbersOf({ name, shape }: ParameterSpec) {
  if (name.endsWith('.b')) return { numbers: normals(1) };
  const added = name.endsWith('.o.w') || name.endsWith('.f2.w');
  return added ? { numbers: normals(0.3 / Math.sqrt(shape[0]!)) } : {};
}

export const networkSubjects: readonly GradcheckSubject[] = networks.map(({ what, network }) => ({
  what,
  build(width) {
    const model = expertModel({
      range: [...RANGE],
      network: network(width),
      conservative: true,
      alpha: 1e-3,
      residual: 'exact',
      midpoint: 0.25,
    });
    const { parameters } = model.layout;
    const theta = parameters.map(({ name }) => name);
    return {
      inputs: {
        x: { shape: model.shape, perSample: true, numbers: normals(0.5) },
        t: { shape: [] as Shape, perSample: true, numbers: insideRange },
        ...Object.fromEntries(parameters.map((spec) => [spec.name, { shape: spec.shape, ...numbersOf(spec) }])),
      },
      energy: (inputs: Readonly<Record<string, Tensor>>) => model.fieldOf(inputs).energy!(inputs.x!, inputs.t!),
      x: ['x', 't'],
      theta,
    };
  },
}));
