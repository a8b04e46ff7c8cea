/** The settings of the drifting method (method §10): the generator, and what it is trained with. */
import { kernels } from '../../drifting/field.ts';
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
      derivedDefault: 'coordinates for toy systems, scaled-distances for molecules',
      help:
        'In what the generated configurations and the data are compared. `coordinates`: as they are, for toy systems. `distances`: ' +
        'all distances of beads. `scaled-distances`: each divided by the square root of its standard deviation, so that bonds ' +
        'count. `internal`: these, and cosines and sines of torsions, which tell a molecule from its mirror image.',
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
