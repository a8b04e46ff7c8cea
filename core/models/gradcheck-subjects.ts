/**
 * The networks as subjects of the derivative check, with every parameter an input of its own.
 */
import type { GradcheckSubject } from '../engines/gradcheck.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { type Expert, expertModel } from './expert.ts';

const networks: readonly { what: string; network(width: number): Expert['network'] }[] = [
  { what: 'MLP energy', network: (width) => ({ kind: 'mlp', dimension: 2, widths: [width, width] }) },
  {
    what: 'graph transformer energy',
    network: (width) => ({
      kind: 'graph-transformer',
      beads: 5,
      hidden: width,
      layers: 2,
      // The reference's head width at the reference's size, small heads elsewhere: both forms of attention occur.
      ...(width >= 96 ? { heads: 8, headWidth: 64 } : { heads: 2, headWidth: width }),
    }),
  },
];

export const networkSubjects: readonly GradcheckSubject[] = networks.map(({ what, network }) => ({
  what,
  build(width) {
    const model = expertModel({
      range: [0, 0.1],
      network: network(width),
      conservative: true,
      alpha: 1e-3,
      residual: 'exact',
      midpoint: 0.05,
    });
    const { parameters } = model.layout;
    const theta = parameters.map(({ name }) => name);
    return {
      inputs: {
        x: { shape: model.shape, perSample: true },
        t: { shape: [] as Shape, perSample: true },
        ...Object.fromEntries(parameters.map(({ name, shape }) => [name, { shape }])),
      },
      energy: (inputs: Readonly<Record<string, Tensor>>) => model.fieldOf(inputs).energy!(inputs.x!, inputs.t!),
      x: ['x', 't'],
      theta,
    };
  },
}));
