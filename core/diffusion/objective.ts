/**
 * What an expert is trained on (method §5), for one sample: t on the expert's interval (training-times.ts), a noised
 * configuration, and the terms of the loss there. Where t is uniform, the weight w is piecewise constant, with half of
 * its total on either side of the midpoint and mean 1. Not here: the terms (terms/), the mean over samples and the
 * optimiser (training-step.ts).
 */
import { columns as columnKinds } from '../models/columns.ts';
import { networkOf } from '../models/networks.ts';
import { centred, degreesOfFreedom, isMolecular, type ScoreField } from '../models/score-model.ts';
import type { TimeRange } from '../models/time-features.ts';
import { constant, greater, matmul, normal, select } from '../program/primitives.ts';
import { sizeOf, type Tensor } from '../program/tensor.ts';
import type { Expert } from './expert.ts';
import { exactResidual, weakResidual } from './fokker-planck.ts';
import type { LossTerm, NoisedSample, ResidualForm } from './loss-term.ts';
import { type TermSettings, termsOf } from './loss-terms.ts';
import { noised, TIME_FLOOR } from './process.ts';
import { randomRotation } from './rotation.ts';
import { streams } from './streams.ts';
import { type Stratum, trainingTime } from './training-times.ts';

/** How far an expert is trained below an inner boundary. */
const OVERLAP = 1e-3;

/** The interval that t is drawn from. */
export const trainingInterval = ([t0, t1]: TimeRange): TimeRange => [Math.max(t0 - OVERLAP, TIME_FLOOR), t1];

/** The two values of w, left and right of the midpoint. */
export function equalWeights([low, high]: TimeRange, midpoint: number): { left: number; right: number } {
  if (!(midpoint > low && midpoint < high)) {
    throw new RangeError(
      `The midpoint ${midpoint} of the training weight lies outside the expert's times ${low}…${high}.`,
    );
  }
  return { left: (0.5 * (high - low)) / (midpoint - low), right: (0.5 * (high - low)) / (high - midpoint) };
}

export type ExpertTerm = LossTerm<Partial<TermSettings>>;

type Objective = Pick<Expert, 'range' | 'midpoint' | 'times' | 'varianceFloor' | 'statistics'> &
  Partial<Pick<Expert, 'network'>> &
  Partial<TermSettings>;

/** The terms by name, without weights, of one sample; what is given is that of `noisedSample`. */
export function sampleLoss(
  field: ScoreField,
  x0: Tensor,
  expert: Objective,
  terms: readonly ExpertTerm[] = termsOf(expert),
  columns: Readonly<Record<string, Tensor>> = {},
  stratum?: Stratum,
): Record<string, Tensor> {
  const form = residualFormOf(expert, terms);
  return termsOfSample(noisedSample(field, x0, expert, form, columns, stratum), expert, terms);
}

export const termsOfSample = (
  sample: NoisedSample,
  own: Partial<TermSettings>,
  terms: readonly ExpertTerm[],
): Record<string, Tensor> => Object.fromEntries(terms.map((term) => [term.name, term.of(sample, own)]));

/** The residual that terms need, if any. */
export const residualFormOf = (expert: Partial<TermSettings>, terms: readonly ExpertTerm[]): ResidualForm | undefined =>
  terms.flatMap((term) => term.residualForm?.(expert) ?? [])[0];

/**
 * x0: one data point; molecules are rotated at random first, with their vectors, unless the network is invariant. For a
 * network that is blind to a molecule's centre and says so, the noise has none either. `stratum` where times are
 * stratified.
 */
export function noisedSample(
  field: ScoreField,
  x0: Tensor,
  expert: Objective,
  form: ResidualForm | undefined,
  columns: Readonly<Record<string, Tensor>>,
  stratum?: Stratum,
): NoisedSample {
  const { range, network, times = 'uniform', varianceFloor = 0 } = expert;
  const entry = network && networkOf(network);
  const interval = trainingInterval(range);
  const t = trainingTime(times, interval, varianceFloor, stratum);
  const weight = times === 'uniform' ? weightAt(t, interval, expert.midpoint) : constant(1);
  const turns = isMolecular(x0.shape) && !entry?.isInvariant;
  const rotation = turns ? randomRotation(streams.trainingRotation) : undefined;
  const turned = (vectors: Tensor) => (rotation ? matmul(vectors, rotation) : vectors);
  const rotated = turned(x0);
  const drawn = normal(x0.shape, streams.trainingNoise);
  const noise = entry?.isCentred ? centred(drawn) : drawn;
  const dimensions = entry?.isCentred ? degreesOfFreedom(x0.shape) : sizeOf(x0.shape);
  const x = noised(rotated, noise, t);
  return {
    ...{ noise, x, t, weight, dimensions },
    columns: withVectors(columns, turned),
    statistics: expert.statistics,
    energy: field.energy && ((at) => field.energy!(at, t)),
    energies: field.energies && ((xs) => field.energies!(xs, t)),
    ...derivatives(field, x, t, form),
  };
}

/** w(t), piecewise constant. */
function weightAt(t: Tensor, interval: TimeRange, midpoint: number): Tensor {
  const { left, right } = equalWeights(interval, midpoint);
  return select(greater(t, midpoint), right, left);
}

const vectorInputs = Object.values(columnKinds).flatMap(({ input, isVector }) => (isVector ? [input] : []));

const withVectors = (columns: Readonly<Record<string, Tensor>>, turned: (vectors: Tensor) => Tensor) =>
  Object.fromEntries(
    Object.entries(columns).map(([input, values]) => [input, vectorInputs.includes(input) ? turned(values) : values]),
  );

const residualForms = { exact: exactResidual, weak: weakResidual };

/** The score, out of the residual where that is wanted. */
function derivatives(field: ScoreField, x: Tensor, t: Tensor, form: ResidualForm | undefined) {
  if (form === undefined) return { score: field.score(x, t), residual: undefined };
  if (!field.energy) throw new Error('The Fokker–Planck residual needs an energy.');
  const residual = residualForms[form.kind](field.energy, x, t, form.probes);
  return { score: residual.score, residual };
}
