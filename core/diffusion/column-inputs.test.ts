import { expect, test } from 'vitest';
import { referenceEngine } from '../engines/reference/reference.ts';
import { div, mul, sub, sum, sumOverSamples } from '../program/primitives.ts';
import { trace } from '../program/program.ts';
import { columnInputs, columnsOf, columnTensors } from './column-inputs.ts';
import type { LossTerm, NoisedSample } from './loss-term.ts';
import { sampleLoss } from './objective.ts';
import { deviation, meanFactor } from './process.ts';

const SHAPE = [4, 3];
const SAMPLES = 5;

/** R x₀: the noised positions without their noise. */
const turned = ({ x, noise, t }: NoisedSample) => div(sub(x, mul(noise, deviation(t))), meanFactor(t));
const common = { settings: {}, weight: () => 1, firstStep: () => 0, work: () => 1, isValidated: false } as const;
const terms: readonly LossTerm[] = [
  {
    ...common,
    name: 'work',
    columns: ['forces', 'energies'],
    of: (sample) => sum(mul(turned(sample), sample.columns.forces!)),
  },
  { ...common, name: 'pull', columns: ['forces'], of: ({ columns }) => sum(mul(columns.forces!, columns.forces!)) },
  { ...common, name: 'along', columns: ['forces'], of: ({ columns }) => sum(columns.forces!) },
  { ...common, name: 'energy', columns: ['energies'], of: ({ columns }) => columns.energies! },
];

test('forces turn with the molecule that they pull at; energies stay', async () => {
  const wanted = columnsOf(terms);
  expect(wanted.map(({ input }) => input)).toEqual(['forces', 'energies']);
  const ofBatch = { perSample: true };
  const specs = { x0: { shape: SHAPE, ...ofBatch }, ...columnInputs(wanted, SHAPE, ofBatch) };
  const program = trace('columns', specs, (inputs) => {
    const expert = { range: [0, 1], midpoint: 0.5 } as const;
    const field = { score: () => inputs.x0 };
    const found = sampleLoss(field, inputs.x0, expert, terms, columnTensors(wanted, inputs));
    return { step: Object.fromEntries(Object.entries(found).map(([name, each]) => [name, sumOverSamples(each)])) };
  });
  const numbers = (count: number, seed: number) =>
    Float64Array.from({ length: count }, (_, i) => Math.sin(seed + 7 * i));
  const inputs = { x0: numbers(60, 1), forces: numbers(60, 2), energies: numbers(SAMPLES, 3) };
  const compiled = await referenceEngine().compile(program);
  const { work, pull, along, energy } = await compiled.run({ samples: SAMPLES, seed: 1, inputs });
  const total = (f: (i: number) => number, count: number) =>
    Array.from({ length: count }, (_, i) => f(i)).reduce((a, b) => a + b);
  expect(work![0]).toBeCloseTo(
    total((i) => inputs.x0[i]! * inputs.forces[i]!, 60),
    10,
  );
  expect(pull![0]).toBeCloseTo(
    total((i) => inputs.forces[i]! ** 2, 60),
    10,
  );
  expect(along![0]).not.toBeCloseTo(
    total((i) => inputs.forces[i]!, 60),
    3,
  );
  expect(energy![0]).toBeCloseTo(
    total((i) => inputs.energies[i]!, SAMPLES),
    10,
  );
});
