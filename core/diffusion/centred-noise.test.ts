import { afterEach, beforeEach, expect, test } from 'vitest';
import { evaluated, numbers } from '../models/evaluated.test-support.ts';
import { networkOf, networks } from '../models/networks.ts';
import { initialValues, split } from '../models/parameters.ts';
import { type Expert, expertModel } from './expert.ts';
import { noisedSample } from './objective.ts';

const entry = networks['graph-transformer'] as { isCentred?: true };
const declared = entry.isCentred;
const network = networkOf({ kind: 'graph-transformer' }).gradcheck.spec(8);
const { shape } = networkOf(network).sizeOf(network);
const size = shape[0]! * 3;
const expert: Expert = { range: [0, 1], network, conservative: false, midpoint: 0.3, alpha: 0 };

beforeEach(() => {
  entry.isCentred = true;
});
afterEach(() => {
  if (declared) entry.isCentred = declared;
  else delete entry.isCentred;
});

const largestMean = (values: Float64Array, samples: number) => {
  let largest = 0;
  for (let s = 0; s < samples; s++) {
    for (let axis = 0; axis < 3; axis++) {
      let sum = 0;
      for (let i = axis; i < size; i += 3) sum += values[s * size + i]!;
      largest = Math.max(largest, Math.abs(sum / shape[0]!));
    }
  }
  return largest;
};

async function drawn() {
  const samples = 6;
  const model = expertModel(expert);
  let dimensions = 0;
  const outputs = await evaluated(
    {
      parameters: { shape: [model.layout.size], values: initialValues(model.layout, 3) },
      x0: { shape, values: numbers(samples * size), perSample: true },
    },
    ({ parameters, x0 }) => {
      const sample = noisedSample(model.fieldOf(split(model.layout, parameters)), x0, expert, undefined, {});
      ({ dimensions } = sample);
      return { noise: sample.noise, score: sample.score };
    },
    { samples },
  );
  return { dimensions, noise: largestMean(outputs.noise!, samples), score: largestMean(outputs.score!, samples) };
}

test('a network that is blind to the centre and says so has noise and score without one, in 3N − 3 dimensions', async () => {
  const centred = await drawn();
  expect(centred.noise).toBeLessThan(1e-12);
  expect(centred.score).toBeLessThan(1e-12);
  expect(centred.dimensions).toBe(size - 3);
  delete entry.isCentred;
  const published = await drawn();
  expect(published.noise).toBeGreaterThan(0.1);
  expect(published.score).toBeGreaterThan(1e-3);
  expect(published.dimensions).toBe(size);
});
