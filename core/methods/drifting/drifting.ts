/**
 * Drifting (method §10): a generator that makes a configuration from noise in one network call, trained by the drift field.
 * It has no energy and no score, so it samples and does not simulate.
 */

import type { Representation } from '../../drifting/representation.ts';
import { driftingStep, fieldName } from '../../drifting/training-step.ts';
import { ErgodicError } from '../../errors.ts';
import type { BeadTree } from '../../models/bead-tree.ts';
import type { ColumnName } from '../../models/columns.ts';
import { type GeneratorSpec, generated, generatorParameters } from '../../models/generator.ts';
import type { ConfigurationSize, SystemClass } from '../../models/network.ts';
import { layoutOf, split } from '../../models/parameters.ts';
import { normal, reshape } from '../../program/primitives.ts';
import { type Program, trace } from '../../program/program.ts';
import { type Shape, sizeOf } from '../../program/tensor.ts';
import type { Fault } from '../../setting.ts';
import type { Method, TrainableNetwork } from '../method.ts';
import { type DriftingSettings, type GeneratorSettings, sampling, settings } from './settings.ts';

export interface GeneratorNetwork extends TrainableNetwork {
  readonly generator: GeneratorSpec;
  readonly shape: Shape;
}

/** Adam's average of squares is short: the field of a batch tells little of the next. */
const SQUARE_DECAY = 0.95;
/** Of the steps of the original training. */
const FINE_TUNING_FRACTION = 0.25;
/** All its steps cost the same. */
const WORK = 1;

const NOISE_STREAM = 1;

function network(own: GeneratorSettings, { shape, statistics }: ConfigurationSize): GeneratorNetwork {
  const tree = own.form === 'internal' || own.representation.includes('slices') ? treeOf(statistics) : undefined;
  const generator = {
    noise: own.noise,
    hidden: own.hidden,
    layers: own.layers,
    dimension: sizeOf(shape),
    centre: statistics?.example,
    tree: own.form === 'internal' ? tree : undefined,
  };
  const layout = layoutOf(generatorParameters(generator));
  const spec = {
    generator,
    representation: own.representation,
    statistics,
    kernel: own.kernel,
    bandwidths: own.bandwidths,
    generated: own.generated,
    batch: own.batch,
    langevin: own.langevin,
    guidance: guidanceOf(own),
    optimiser: { weightDecay: 0, clip: 1e3, clipLength: 3, squareDecay: SQUARE_DECAY },
  };
  return {
    key: 'generator',
    title: 'Generator',
    facts: factsOf(own),
    generator,
    shape,
    layout,
    steps: own.steps,
    batch: own.batch,
    wholeBatch: true,
    learningRate: own.learningRate,
    averages: { squareDecay: SQUARE_DECAY, averageDecay: own.ema, averageWarmup: true },
    columns: columnsOf(own),
    weights: Object.fromEntries(own.bandwidths.map((bandwidth) => [fieldName(bandwidth), 1])),
    phases: [
      { from: 0, terms: own.bandwidths.map(fieldName), work: WORK, program: (size) => driftingStep(spec, size.shape) },
    ],
    remedies: ['generator.learningRate'],
  };
}

/** Before there are data, sizes and costs are those of coordinates. */
function treeOf(statistics: ConfigurationSize['statistics']): BeadTree | undefined {
  if (!statistics || statistics.tree || !statistics.example) return statistics?.tree;
  throw new ErgodicError(
    'The molecule cannot be built bead by bead, as its bonds do not hold it together or three beads in a row are straight: set `generator.form` to coordinates, and `generator.representation` to scaled-distances.',
  );
}

/** In words, all that the time of a step depends on beside the layers. */
const factsOf = ({ representation, generated, guidance }: GeneratorSettings): string[] => [
  'one step',
  `in ${representation.replaceAll('-', ' ')}`,
  `${generated} generated per batch`,
  ...(guidance === 'none' ? [] : [guidance.toUpperCase()]),
];

const columnsOf = ({ langevin, guidance }: GeneratorSettings): ColumnName[] =>
  langevin > 0 || guidance !== 'none' ? ['forces'] : [];

function guidanceOf({ guidance, omega, gamma, tilt, guidedBandwidths, bandwidths }: GeneratorSettings) {
  if (guidance === 'none') return undefined;
  const smallest = Math.min(...bandwidths);
  const strength = guidance === 'fi' ? omega : gamma;
  const strengths = bandwidths.map((h) => (guidedBandwidths === 'all' || h === smallest ? strength : 0));
  return { kind: guidance, strengths, tilt };
}

function generatingProgram({ generator, shape, layout }: GeneratorNetwork): Program {
  return trace('generate', { parameters: { shape: [layout.size] } }, ({ parameters }) => {
    const noise = normal([1, generator.noise], NOISE_STREAM);
    return { end: { x: reshape(generated(generator, split(layout, parameters), noise), shape) } };
  });
}

function representationFor(
  system: SystemClass,
  form: GeneratorSettings['form'],
  guidance: GeneratorSettings['guidance'],
) {
  if (system === 'toy') return 'coordinates';
  return form === 'internal' && guidance === 'none' ? 'turns-and-slices' : 'scaled-distances';
}

/** Spaces in which forces are known. */
const guidable: readonly Representation[] = [
  'coordinates',
  'distances',
  'scaled-distances',
  'coordinates-and-distances',
];

function faults({ generator }: DriftingSettings, system: SystemClass): Fault[] {
  const { form, representation, bandwidths, guidance, kernel, langevin } = generator;
  const found: Fault[] = [];
  const fault = (key: string, message: string) => found.push({ path: ['generator', key], message });
  if (guidance !== 'none' && kernel !== 'gaussian') {
    fault(
      'kernel',
      `\`generator.kernel\` is ${kernel}, but forces are related to the field of the Gaussian kernel only: set it to gaussian, or \`generator.guidance\` to none.`,
    );
  }
  if (guidance !== 'none' && langevin > 0) {
    fault(
      'langevin',
      `\`generator.langevin\` is ${langevin}, but after a Langevin step frames are no longer where their forces are known: set it to 0, or \`generator.guidance\` to none.`,
    );
  }
  if (guidance !== 'none' && !guidable.includes(representation)) {
    fault(
      'guidance',
      `\`generator.guidance\` is ${guidance}, but forces are known on coordinates and distances: set \`generator.representation\` to one of ${guidable.join(', ')}, or guidance to none.`,
    );
  }
  if (system === 'toy' && form === 'internal') {
    fault('form', '`generator.form` is internal, but a toy system has no beads: set it to coordinates.');
  }
  if (system === 'toy' && representation !== 'coordinates') {
    fault(
      'representation',
      `\`generator.representation\` is ${representation}, but a toy system has no beads: set it to coordinates.`,
    );
  }
  if (new Set(bandwidths).size < bandwidths.length) {
    found.push({ path: ['generator', 'bandwidths'], message: '`generator.bandwidths` names one twice.' });
  }
  return found;
}

export const drifting = {
  title: 'Drifting',
  settings,
  sampling,
  withDefaults: (given, system) => {
    const own: Partial<GeneratorSettings> = given.generator;
    const form = own.form ?? (system === 'toy' ? 'coordinates' : 'internal');
    const representation = own.representation ?? representationFor(system, form, given.generator.guidance);
    return { ...given, generator: { ...given.generator, form, representation } };
  },
  faults,
  capabilities: () => ({ simulate: false, residual: false }),
  columns: ({ generator }) => columnsOf(generator),
  needsStatistics: () => 'one',
  networks: ({ generator }, size) => [network(generator, size)],

  fineTuning: {
    needs: {
      change: 'guidance',
      words: '`--guidance fk` or `--guidance fi` is missing: how forces are to bend the field.',
    },
    settings(own, { guidance = 'fk', strength, steps }) {
      const { generator } = own;
      const ofKind = strength === undefined ? {} : { [guidance === 'fi' ? 'omega' : 'gamma']: strength };
      const changed = {
        ...generator,
        ...ofKind,
        guidance,
        langevin: 0,
        representation: guidable.includes(generator.representation) ? generator.representation : 'scaled-distances',
        steps: steps ?? Math.max(1, Math.round(generator.steps * FINE_TUNING_FRACTION)),
      };
      return { ...own, generator: changed };
    },
    trains: () => true,
  },

  samplingPlan([trained]) {
    const { network: own, parameters } = trained!;
    return { start: generatingProgram(own), startInputs: () => ({ parameters }), zeros: [], stages: [] };
  },
} as const satisfies Method<DriftingSettings, GeneratorNetwork>;
