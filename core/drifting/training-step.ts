/**
 * One training step of a generator as a program (method §10): configurations from noise, the drift field at each of them,
 * and a step of the weights that moves them along it. The whole batch is one tensor, so a step is of a single sample.
 *
 * State and per-step inputs are those of every training program (`optimiser/optimiser.ts`). Each step hands out the size of
 * the field for each bandwidth, which falls as the generator comes closer, and `accepted`.
 */

import type { ConformationStatistics } from '../models/conformation-statistics.ts';
import { type GeneratorSpec, generated, generatorParameters } from '../models/generator.ts';
import { flatGradient, layoutOf, split } from '../models/parameters.ts';
import { type OptimiserSettings, optimised, optimiserInputs, optimiserState } from '../optimiser/optimiser.ts';
import { mean, square } from '../program/functions.ts';
import {
  add,
  concat,
  matmul,
  mul,
  normal,
  reshape,
  slice,
  sqrt,
  stopGradient,
  sub,
  sum,
  sumOverSamples,
} from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import { forcesOnFeatures } from './feature-forces.ts';
import { drift } from './field.ts';
import type { Tilt } from './guidance.ts';
import type { Kernel } from './kernel.ts';
import { langevinStep } from './langevin-step.ts';
import { asTheyAre, type Relate } from './pairs.ts';
import {
  type Features,
  featuresOf,
  freeTurnsOf,
  type Representation,
  relationOf,
  type Space,
  spacesOf,
} from './representation.ts';
import { randomGroup, randomProjection, turnGroups } from './slices.ts';

export interface DriftingSpec {
  readonly generator: GeneratorSpec;
  readonly representation: Representation;
  /** Of the data, for representations that begin with them. */
  readonly statistics?: ConformationStatistics | undefined;
  readonly kernel: Kernel;
  /** Relative to the mean distance of two configurations of the data. */
  readonly bandwidths: readonly number[];
  /** Configurations that are generated in a step. */
  readonly generated: number;
  /** Of the data, in a step. */
  readonly batch: number;
  /** Of the Langevin step that the data take first, over the inverse mean square of a force component; 0: none. */
  readonly langevin: number;
  /** Forces of the data bend the field. */
  readonly guidance?:
    | { readonly kind: 'fi' | 'fk'; readonly strengths: readonly number[]; readonly tilt: Tilt }
    | undefined;
  readonly optimiser: OptimiserSettings;
}

/** Name of the loss term that is the size of a bandwidth's field. */
export const fieldName = (bandwidth: number): string => `field ${bandwidth}`;

const NOISE_STREAM = 1;

/** `shape`: of a configuration. */
export function driftingStep(spec: DriftingSpec, shape: Shape): Program {
  const { generator, batch, bandwidths } = spec;
  const layout = layoutOf(generatorParameters(generator));
  const specs = {
    ...optimiserState(layout.size),
    ...optimiserInputs,
    x0: { shape: [batch, ...shape], perStep: true },
    ...(spec.langevin > 0 || spec.guidance ? { forces: { shape: [batch, ...shape], perStep: true } } : {}),
  };
  return trace('drifting step', specs, (inputs) => {
    const parts = split(layout, inputs.parameters);
    // Normal numbers are drawn for samples; the only one has those of the whole batch.
    const noise = sumOverSamples(normal([spec.generated, generator.noise], NOISE_STREAM));
    const x = reshape(generated(generator, parts, noise), [spec.generated, ...shape]);
    const spaces = spacesOf(spec.representation, spec.statistics).map((space) => pullsIn(space, spec, x, inputs));
    const losses = spaces.flat().map((pull) => pull.loss);
    // What a person watches: another projection of many coordinates in every step would hide how the field shrinks.
    const [watched] = spaces;
    const sizes = bandwidths.map((_, i) => watched![0]!.sizes[i]!);
    const loss = losses.reduce((a, b) => add(a, b));
    const { state, accepted } = optimised(inputs, loss, flatGradient(loss, layout, parts), spec.optimiser);
    return { state, step: { ...Object.fromEntries(bandwidths.map((h, i) => [fieldName(h), sizes[i]!])), accepted } };
  });
}

interface TrainingData {
  readonly x0: Tensor;
  readonly forces?: Tensor;
}

interface Pulled {
  /** What the weights are to lower. */
  readonly loss: Tensor;
  /** Of the field of each bandwidth. */
  readonly sizes: readonly Tensor[];
}

/** In each step. */
const PROJECTIONS = 3;
/** Weight of all slices beside a field in turns: they are noisy, and what they say of widths is right from the start. */
const SLICES = 0.3;
/** So many turns are compared all at once; of more, one group of each kind in a step. */
const WHOLE_TURNS = 2;

/** Of so many coordinates; undefined where a space is taken whole. */
function projectionsOf(space: Space, { statistics }: DriftingSpec): (((coordinates: number) => Tensor) | undefined)[] {
  if (space === 'slices') {
    return Array.from({ length: PROJECTIONS }, (_, index) => (coordinates) => randomProjection(coordinates, index));
  }
  const turns = space === 'turns' ? freeTurnsOf(statistics!) : [];
  if (turns.length <= WHOLE_TURNS) return [undefined];
  const { main, ends } = turnGroups(turns);
  const kinds = [main, ends].filter((groups) => groups.length > 0);
  return kinds.map((groups, index) => () => randomGroup(groups, turns.length, index));
}

/** In one space, or in each of the projections of it. */
function pullsIn(space: Space, spec: DriftingSpec, configurations: Tensor, { x0, forces }: TrainingData): Pulled[] {
  const shape = x0.shape.slice(1);
  const features = featuresOf(space, shape, spec.statistics);
  const x = features(configurations);
  const data = features(forces && spec.langevin > 0 ? langevinStep(x0, forces, spec.langevin) : x0);
  const relate = relationOf(space, shape);
  const guidance = spec.guidance && { ...spec.guidance, scores: scoresIn(space, features, x0, forces!) };
  const pulled = (points: Tensor, others: Tensor): Pulled => {
    const here = stopGradient(points);
    const unit = relate === asTheyAre ? meanDistance(others) : meanDistanceTurned(others, relate);
    const widths = spec.bandwidths.map((h) => mul(unit, h));
    const batch = { points: here, data: others, generated: here, isOwn: true, relate, guidance };
    const { field, sizes } = drift(batch, spec.kernel, widths);
    const loss = mean(square(sub(points, stopGradient(add(here, field)))));
    return { loss: space === 'slices' ? mul(loss, SLICES / PROJECTIONS) : loss, sizes };
  };
  return projectionsOf(space, spec).map((projection) =>
    projection ? pulled(matmul(x, projection(x.shape[1]!)), matmul(data, projection(x.shape[1]!))) : pulled(x, data),
  );
}

/** βF in the space of the field, [rows, features]. */
const scoresIn = (space: Space, features: Features, x: Tensor, forces: Tensor): Tensor =>
  space === 'coordinates' ? features(forces) : forcesOnFeatures(features, x, forces);

/** Of some rows from some others, []. */
function meanDistanceTurned(rows: Tensor, relate: Relate): Tensor {
  const some = Math.min(SOME, Math.floor(rows.shape[0]! / 2));
  return mean(sqrt(relate(slice(rows, 0, 0, some), slice(rows, 0, some, 2 * some)).squares));
}

/** Rows that tell a mean distance. */
const SOME = 64;

/** Of each row from the next, []. */
function meanDistance(rows: Tensor): Tensor {
  const count = rows.shape[0]!;
  const next = concat([slice(rows, 0, 1, count), slice(rows, 0, 0, 1)], 0);
  return mean(sqrt(sum(square(sub(rows, next)), [1])));
}
