/** The settings of the drifting method (method §10): the generator, and what it is trained with. */
import { tilts } from '../../drifting/guidance.ts';
import { kernels } from '../../drifting/kernel.ts';
import { representations } from '../../drifting/representation.ts';
import { generatorSettings } from '../../models/generator.ts';
import type { SettingGroup, SettingValue } from '../../setting.ts';

export const settings = {
  generator: {
    ...generatorSettings,
    representation: {
      type: 'choice',
      options: representations,
      default: null,
      derivedDefault:
        'coordinates for toy systems; for molecules turns-and-slices, or scaled-distances with the form coordinates or with guidance',
      help:
        'In what the generated configurations and the data are compared. `coordinates`: as they are; molecules are ' +
        'superposed, each frame on each generated conformation. `distances`: ' +
        'all distances of beads. `scaled-distances`: each divided by the square root of its standard deviation, so that bonds ' +
        'count. `internal`: these, and cosines and sines of torsions, which tell a molecule from its mirror image. ' +
        '`turns`: cosines and sines of free turns alone. `coordinates-and-distances`, `turns-and-distances`: a field in each, the ' +
        'first for what is large and scaled distances for the rest. `slices`: random projections of lengths, angles and turns, in ' +
        'units of their widths, onto four axes, for many beads; `turns-and-slices`: turns beside them.',
    },
    kernel: {
      type: 'choice',
      options: kernels,
      default: 'gaussian',
      help: 'What is near. `gaussian`: exp(−d²/2h²). `laplace`: exp(−d/h), as published.',
    },
    bandwidths: {
      type: 'numbers',
      min: 0,
      max: 10,
      aboveMin: true,
      maxLength: 8,
      default: [0.05, 0.15, 0.4],
      help: 'Bandwidths h of the kernel, relative to the mean distance of two configurations of the data.',
    },
    generated: {
      type: 'whole',
      min: 2,
      max: 65_536,
      unit: 'configurations',
      default: 512,
      help: 'Configurations that are generated in a training step.',
    },
    batch: {
      type: 'whole',
      min: 2,
      max: 65_536,
      unit: 'configurations',
      default: 1024,
      help: 'Configurations of the data in a training step.',
    },
    guidance: {
      type: 'choice',
      options: ['none', 'fi', 'fk'],
      default: 'none',
      help:
        'How forces of the frames bend the field towards the Boltzmann distribution. `none`: not at all. `fi`: mixed into the directions; ' +
        'only where all guided bandwidths are far below the width of the basins. `fk`: in the weights of the kernel, so that ' +
        'what is pulled to is always a mean of data. Both were derived for this product; weights (`system.weights`) do more for biased data.',
    },
    omega: {
      type: 'number',
      min: 0,
      max: 1,
      default: 1,
      help: 'Part of the forces in the directions, for `guidance: fi`.',
    },
    gamma: {
      type: 'number',
      min: 0,
      max: 20,
      default: 1,
      help: 'Factor of the tilt of the weights, for `guidance: fk`. 3 undoes more of a bias than 1, as the tilt falls short of it.',
    },
    tilt: {
      type: 'choice',
      options: tilts,
      default: 'residual',
      help:
        'What tilts the weights, for `guidance: fk`. `residual`: the smoothed force less the smoothed score of the data. `dot`: the ' +
        'force along the way to a frame. `cosine`: the cosine of the angle between them.',
    },
    guidedBandwidths: {
      type: 'choice',
      options: ['all', 'smallest'],
      default: 'all',
      help: 'Bandwidths that forces guide.',
    },
    langevin: {
      type: 'number',
      min: 0,
      max: 1,
      default: 0,
      help:
        'Langevin step that frames take with their own forces before they are learned from, over the inverse mean square of a force ' +
        'component; 0: none. 0.3 widens the bonds of a trajectory that is too short.',
    },
    steps: { type: 'whole', min: 1, max: 1_000_000_000, unit: 'steps', default: 1500, help: 'Training steps.' },
    learningRate: {
      type: 'pair',
      order: 'falling',
      min: 0,
      max: 1,
      aboveMin: true,
      default: [2e-3, 1e-5],
      help: 'Learning rate at the first and the last step, with cosine decay between them.',
    },
    ema: {
      type: 'number',
      min: 0,
      max: 1,
      belowMax: true,
      default: 0.998,
      help: 'Decay per step of the exponential moving average of the weights, which is the trained generator.',
    },
  },
} as const satisfies SettingGroup;

/** Under `sample`: one network call makes a configuration, and there is nothing to choose. */
export const sampling = {} as const satisfies SettingGroup;

export type DriftingSettings = SettingValue<typeof settings> & { readonly sample: SettingValue<typeof sampling> };
export type GeneratorSettings = DriftingSettings['generator'];
