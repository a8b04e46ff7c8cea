import { expect, test } from 'vitest';
import { run } from '../models/evaluated.test-support.ts';
import { generatorParameters } from '../models/generator.ts';
import { initialValues, layoutOf } from '../models/parameters.ts';
import { defaultOptimiser } from '../optimiser/optimiser.ts';
import { scheduleInputs } from '../optimiser/schedule.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { type DriftingSpec, driftingStep, fieldName } from './training-step.ts';

const generator = { noise: 3, hidden: 8, layers: 1, dimension: 1 };
const spec = (changes: Partial<DriftingSpec> = {}): DriftingSpec => ({
  generator,
  representation: 'coordinates',
  kernel: 'gaussian',
  bandwidths: [0.4],
  generated: 40,
  batch: 200,
  langevin: 0,
  optimiser: defaultOptimiser,
  ...changes,
});

async function stepped(own: DriftingSpec, x0: Float64Array, forces?: Float64Array) {
  const layout = layoutOf(generatorParameters(generator));
  const parameters = initialValues(layout, 0);
  const zero = new Float32Array(layout.size);
  return run(
    driftingStep(own, [1]),
    {
      parameters,
      average: parameters,
      gradientMean: zero,
      gradientSquare: zero,
      ...scheduleInputs(0, 1, 100, { first: 1e-2, last: 1e-3 }),
      x0,
      ...(forces ? { forces } : {}),
    },
    { steps: 1 },
  );
}

const normals = (count: number, width: number) => {
  const next = gaussianSource(5);
  return Float64Array.from({ length: count }, () => width * next());
};

test('a step is taken, moves the weights, and hands out the field of each bandwidth', async () => {
  const out = await stepped(spec({ bandwidths: [0.1, 0.4] }), normals(200, 1));
  expect(out.accepted![0]).toBe(1);
  expect(out[fieldName(0.1)]![0]).toBeGreaterThan(0);
  expect(out[fieldName(0.4)]![0]).toBeGreaterThan(0);
  expect(out.parameters).not.toEqual(out.average);
});

test('what is not finite is left out', async () => {
  const out = await stepped(spec(), normals(200, 1).fill(Number.NaN, 0, 1));
  expect(out.accepted![0]).toBe(0);
});

test('with forces, training data take a Langevin step first', async () => {
  const x = normals(200, 0.5);
  const forces = x.map((value) => -value);
  const [plain, widened] = [await stepped(spec(), x), await stepped(spec({ langevin: 0.3 }), x, forces)];
  expect(widened.accepted![0]).toBe(1);
  expect(widened[fieldName(0.4)]![0]).not.toBe(plain[fieldName(0.4)]![0]);
});
