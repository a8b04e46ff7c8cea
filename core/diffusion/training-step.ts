/**
 * One training step of one expert as a program (method §5): noise, loss, gradient, AdamW, moving average.
 *
 * State: the flat vectors `parameters`, `average` (the moving average that is evaluated and stored), `gradientMean`
 * and `gradientSquare`. Each step hands out the terms of the loss by name, without their weights, `loss`, their weighted
 * sum, and `accepted`: 0 where the loss or the gradient was not finite, in which case nothing of the state has changed.
 */
import { flatGradient, split } from '../models/parameters.ts';
import {
  defaultOptimiser,
  type OptimiserSettings,
  optimised,
  optimiserInputs,
  optimiserState,
} from '../optimiser/optimiser.ts';
import { add, mul, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { columnInputs, columnsOf, columnTensors } from './column-inputs.ts';
import { type Expert, expertModel } from './expert.ts';
import { gaugeOf, hasGauge, inGauge, withGauge } from './gauge.ts';
import { termsOf } from './loss-terms.ts';
import { type ExpertTerm, noisedSample, residualFormOf, termsOfSample, trainingInterval } from './objective.ts';
import { isStratified } from './training-times.ts';

/**
 * Inputs per step: `x0` (a batch; with `features` of each sample's beads where the network takes them, and the columns
 * that the terms ask for), `learningRate`, `meanCorrection`, `squareCorrection`, `usualCorrection`; always:
 * `inverseSamples`; and `stratum`, where in its batch a sample is, where times are stratified. `terms`: of the expert's
 * loss, those that this step has; `measuresGauge`: whether it also measures the gauge of an expert that has one.
 */
export function trainingStep(
  expert: Expert,
  optimiser: OptimiserSettings = defaultOptimiser,
  terms: readonly ExpertTerm[] = termsOf(expert),
  measuresGauge = hasGauge(expert),
): Program {
  const { shape, layout, features, fieldOf } = expertModel(expert);
  const ofBatch = { perSample: true, perStep: true };
  const wanted = columnsOf(terms);
  const specs = {
    ...optimiserState(layout.size),
    x0: { shape, ...ofBatch },
    ...columnInputs(wanted, shape, ofBatch),
    ...(features ? { features: { shape: features, ...ofBatch } } : {}),
    ...optimiserInputs,
    ...(isStratified(expert.times) ? { stratum: { shape: [], ...ofBatch } } : {}),
    inverseSamples: { shape: [] },
  };
  return trace('training step', specs, (inputs) => {
    const { parameters, inverseSamples } = inputs;
    const parts = split(layout, parameters);
    const form = residualFormOf(expert, measuresGauge ? termsOf(expert) : terms);
    const field = fieldOf(parts, inputs.features);
    const stratum = inputs.stratum && { start: inputs.stratum, width: inverseSamples };
    const drawn = noisedSample(field, inputs.x0, expert, form, columnTensors(wanted, inputs), stratum);
    const gauge = measuresGauge ? gaugeOf(parts, trainingInterval(expert.range)) : undefined;
    const sample = gauge ? { ...drawn, residual: inGauge(drawn.residual!, gauge.rateAt(drawn.t)) } : drawn;
    const own = termsOfSample(sample, expert, terms);
    const means = terms.map(({ name }) => mul(sumOverSamples(own[name]!), inverseSamples));
    const weighted = terms.map((term, i) => mul(means[i]!, term.weight(expert)));
    const loss = weighted.reduce((sum, term) => add(sum, term));
    const gradient = flatGradient(loss, layout, parts);
    const { state, accepted } = optimised(inputs, loss, gradient, optimiser);
    return {
      state: gauge ? withGauge(state, inputs, gauge.sharesAt(sample.t), sample.residual!, accepted) : state,
      step: { loss, ...Object.fromEntries(terms.map(({ name }, i) => [name, means[i]!])), accepted },
    };
  });
}
