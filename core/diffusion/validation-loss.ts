/**
 * The denoising loss (method §5) on configurations that are not trained on, as a program: `denoising`, the mean over
 * samples. With the same seed it has the same times and noises whatever the weights are, so what changes is the model.
 */
import { type Expert, expertModel } from '../models/expert.ts';
import { split } from '../models/parameters.ts';
import { mul, sumOverSamples } from '../program/primitives.ts';
import { type Program, trace } from '../program/program.ts';
import { sampleLoss } from './objective.ts';

/** Inputs: `parameters`, `x0` and `features` as in training, `inverseSamples`. */
export function validationLoss(expert: Expert): Program {
  const { shape, layout, features, fieldOf } = expertModel(expert);
  const specs = {
    parameters: { shape: [layout.size] },
    x0: { shape, perSample: true },
    ...(features ? { features: { shape: features, perSample: true } } : {}),
    inverseSamples: { shape: [] },
  };
  return trace('validation loss', specs, (inputs) => {
    const field = fieldOf(split(layout, inputs.parameters), inputs.features);
    const { denoising } = sampleLoss(field, inputs.x0, { ...expert, alpha: 0 });
    return { step: { denoising: mul(sumOverSamples(denoising), inputs.inverseSamples) } };
  });
}
