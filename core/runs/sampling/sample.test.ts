import { afterAll, expect, test } from 'vitest';
import { type Solver, solvers } from '../../diffusion/samplers.ts';
import { loadEngine } from '../../engines/registry.ts';
import { gathered, Listener, planOf, smallSpecification, untrained } from '../small-run.test-support.ts';
import { drawSamples } from './sample.ts';

const networks = untrained(smallSpecification());
const engines = await Promise.all([1, 2, 3].map((threads) => loadEngine('wasm', { threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
const settings = { count: 53, seed: 4, scale: 1 };
const planFor = (sample: object) => planOf(smallSpecification({ sample: { count: 53, ...sample } }), networks);

interface Sampling {
  readonly solver?: Solver;
  readonly steps?: number;
}

async function draw(
  { solver = 'em', steps = 30, ...options }: Partial<Parameters<typeof drawSamples>[1]> & Sampling,
  threads = 1,
  listener = new Listener(),
) {
  const { blocks, take, values } = gathered();
  const plan = planFor({ solver, steps });
  await drawSamples(plan, { ...settings, ...options }, engines[threads - 1]!, listener.task('sampling'), take);
  return { blocks, values: values() };
}

test.each(solvers)('%s: neither batches nor threads change a sample', async (solver) => {
  const { blocks, values } = await draw({ solver });
  expect(blocks).toHaveLength(1);
  expect(values).toHaveLength(106);
  expect(values.every(Number.isFinite)).toBe(true);
  for (const [batch, threads] of [
    [20, 2],
    [53, 3],
    [7, 1],
  ]) {
    const cut = await draw({ solver, batch: batch! }, threads);
    expect(cut.blocks).toHaveLength(Math.ceil(53 / batch!));
    expect(cut.values).toEqual(values);
  }
  expect((await draw({ solver, count: 10 })).values).toEqual(values.slice(0, 20));
  expect((await draw({ solver, seed: 5 })).values).not.toEqual(values);
});

test('progress begins at nothing, never falls, and reaches its total', async () => {
  const listener = new Listener();
  await draw({ batch: 20 }, 1, listener);
  const reports = listener.reports.get('sampling')!;
  expect(reports[0]).toEqual({ done: 0, total: 53, unit: 'samples' });
  expect(reports.at(-1)!.done).toBe(53);
  expect(reports.map(({ done }) => done)).toEqual(reports.map(({ done }) => done).toSorted((a, b) => a - b));
});

test('a stop is obeyed within a batch, and fewer steps than experts are refused', async () => {
  const listener = new Listener(({ done }, stop) => {
    if (done > 0) stop.abort(new Error('enough'));
  });
  await expect(draw({ count: 100_000, steps: 1000 }, 1, listener)).rejects.toThrow('enough');
  const plan = planFor({});
  expect(plan.stages.reduce((sum, { steps }) => sum + steps, 0)).toBeGreaterThan(2);
  const few = { ...smallSpecification(), sample: { count: 53, solver: 'em', steps: 2 } } as const;
  expect(() => planOf(few, networks)).toThrow('Sampling across 3 experts needs at least 3 steps, not 2.');
});
