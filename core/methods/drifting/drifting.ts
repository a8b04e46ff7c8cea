/**
 * Drifting (method §10): a generator that makes a configuration from noise in one network call, trained by the drift field.
 * It has no energy and no score, so it samples and does not simulate.
 */

import type { Representation } from '../../drifting/representation.ts';
import { driftingStep, fieldName } from '../../drifting/training-step.ts';
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
/** All its steps cost the same. */
const WORK = 1;

const NOISE_STREAM = 1;

function network(own: GeneratorSettings, { shape, statistics }: ConfigurationSize): GeneratorNetwork {
  const generator = {
    noise: own.noise,
    hidden: own.hidden,
    layers: own.layers,
    dimension: sizeOf(shape),
    centre: statistics?.example,
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
    optimiser: { weightDecay: 0, clip: 1e3, clipLength: 3, squareDecay: SQUARE_DECAY },
  };
  return {
    key: 'generator',
    title: 'Generator',
    facts: ['one step', `in ${own.representation}`],
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

const columnsOf = ({ langevin }: GeneratorSettings): ColumnName[] => (langevin > 0 ? ['forces'] : []);

function generatingProgram({ generator, shape, layout }: GeneratorNetwork): Program {
  return trace('generate', { parameters: { shape: [layout.size] } }, ({ parameters }) => {
    const noise = normal([1, generator.noise], NOISE_STREAM);
    return { end: { x: reshape(generated(generator, split(layout, parameters), noise), shape) } };
  });
}

const representationFor = (system: SystemClass): Representation =>
  system === 'toy' ? 'coordinates' : 'scaled-distances';

function faults({ generator: { representation, bandwidths } }: DriftingSettings, system: SystemClass): Fault[] {
  const found: Fault[] = [];
  if ((system === 'toy') !== (representation === 'coordinates')) {
    const message =
      system === 'toy'
        ? `\`generator.representation\` is ${representation}, but a toy system has no beads: set it to coordinates.`
        : '`generator.representation` is coordinates, which depend on how a molecule is turned: set it to distances, scaled-distances or internal.';
    found.push({ path: ['generator', 'representation'], message });
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
    const { representation }: Partial<GeneratorSettings> = given.generator;
    return { ...given, generator: { ...given.generator, representation: representation ?? representationFor(system) } };
  },
  faults,
  capabilities: () => ({ simulate: false, residual: false }),
  columns: ({ generator }) => columnsOf(generator),
  needsStatistics: ({ generator }) => (generator.representation === 'coordinates' ? undefined : 'one'),
  networks: ({ generator }, size) => [network(generator, size)],

  samplingPlan([trained]) {
    const { network: own, parameters } = trained!;
    return { start: generatingProgram(own), startInputs: () => ({ parameters }), zeros: [], stages: [] };
  },
} as const satisfies Method<DriftingSettings, GeneratorNetwork>;
