/**
 * A one-step generator (method §10): normal numbers in, a configuration out, by a multilayer perceptron with SiLU. Rows
 * are configurations, so that the same function makes one of many samples and a whole batch at once.
 * Not here: how it is trained.
 */
import { silu } from '../program/functions.ts';
import { add, constant } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import type { BeadTree } from './bead-tree.ts';
import { builtFrom, numbersOfTree } from './built-conformations.ts';
import { dense, linear, type NamedTensors, type ParameterSpec } from './parameters.ts';

export interface GeneratorSpec {
  /** Normal numbers that it starts from. */
  readonly noise: number;
  readonly hidden: number;
  readonly layers: number;
  /** Coordinates of a configuration. */
  readonly dimension: number;
  /** Configuration about which the first ones lie; the origin unless given. */
  readonly centre?: readonly number[] | undefined;
  /** What is generated are lengths, angles and turns of this tree, from which configurations are built. */
  readonly tree?: BeadTree | undefined;
}

/** `internal`: lengths, angles and turns in units of their own widths, so that bonds are right from the start. */
export const generatorForms = ['coordinates', 'internal'] as const;

export const generatorSettings = {
  noise: {
    type: 'whole',
    min: 1,
    max: 4096,
    default: 32,
    help: 'Normal numbers that a configuration is made from. More than it has degrees of freedom do no harm.',
  },
  form: {
    type: 'choice',
    options: generatorForms,
    default: null,
    recordDefault: 'coordinates',
    derivedDefault: 'coordinates for toy systems, internal for molecules',
    help:
      'What the network makes of the noise. `coordinates`: those of all beads. `internal`: lengths, angles and turns, each in ' +
      'units of its own width in the data, from which a molecule is built bead by bead: bonds are right from the start, and a ' +
      'chiral centre keeps its hand.',
  },
  hidden: { type: 'whole', min: 1, max: 4096, default: 256, help: 'Width of the hidden layers.' },
  layers: { type: 'whole', min: 1, max: 16, default: 3, help: 'Hidden layers.' },
} as const;

/** SiLU passes on 0.6 of a normal number's deviation: with this gain configurations begin as wide as the noise. */
const HIDDEN_GAIN = 1.4;

/** Deviation of the first configurations about a centre: not so far that a chiral centre is turned inside out. */
const FIRST_WIDTH = 0.3;

export function generatorParameters(spec: GeneratorSpec): ParameterSpec[] {
  const { noise, hidden, layers, dimension, centre, tree } = spec;
  const widths = [noise, ...Array.from({ length: layers }, () => hidden)];
  return [
    ...Array.from({ length: layers }, (_, i) => withGain(dense(`layer${i}`, widths[i]!, hidden), HIDDEN_GAIN)).flat(),
    ...withGain(dense('out', hidden, tree ? numbersOfTree(tree) : dimension), centre && !tree ? FIRST_WIDTH : 1),
  ];
}

const withGain = (specs: readonly ParameterSpec[], gain: number): ParameterSpec[] =>
  specs.map((spec) => (spec.initial === 'lecun' ? { ...spec, gain } : spec));

/** noise [rows, noise] → configurations [rows, dimension]. */
export function generated({ layers, centre, tree }: GeneratorSpec, weights: NamedTensors, noise: Tensor): Tensor {
  let h = noise;
  for (let i = 0; i < layers; i++) h = silu(linear(weights, `layer${i}`, h));
  const x = linear(weights, 'out', h);
  if (tree) return builtFrom(tree, x);
  return centre ? add(x, constant(centre, [1, centre.length])) : x;
}
