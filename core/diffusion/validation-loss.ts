/**
 * The loss on held-out configurations (method §5), as a program: the mean over samples of each validated term. With the
 * same seed it has the same times and noises whatever the weights are, so what changes is the model.
 */
import { split } from '../models/parameters.ts';
import { mul, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { columnInputs, columnsOf, columnTensors } from './column-inputs.ts';
import { type Expert, expertModel } from './expert.ts';
import { validatedTerms } from './loss-terms.ts';
import { sampleLoss } from './objective.ts';
import { isStratified } from './training-times.ts';

/** Inputs: `parameters`, `x0`, `features` and the columns of its terms as in training, `inverseSamples`. */
export function validationLoss(expert: Expert): Program {
  const { shape, layout, features, fieldOf } = expertModel(expert);
  const validated = validatedTerms(expert);
  const wanted = columnsOf(validated);
  const specs = {
    parameters: { shape: [layout.size] },
    x0: { shape, perSample: true },
    ...columnInputs(wanted, shape, { perSample: true }),
    ...(features ? { features: { shape: features, perSample: true } } : {}),
    ...(isStratified(expert.times) ? { stratum: { shape: [], perSample: true } } : {}),
    inverseSamples: { shape: [] },
  };
  return trace('validation loss', specs, (inputs) => {
    const field = fieldOf(split(layout, inputs.parameters), inputs.features);
    const stratum = inputs.stratum && { start: inputs.stratum, width: inputs.inverseSamples };
    const terms = sampleLoss(field, inputs.x0, expert, validated, columnTensors(wanted, inputs), stratum);
    const means = Object.entries(terms).map(([name, term]) => [name, mul(sumOverSamples(term), inputs.inverseSamples)]);
    return { step: Object.fromEntries(means) };
  });
}
