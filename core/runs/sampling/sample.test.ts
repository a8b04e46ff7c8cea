import { afterAll, describe, expect, test } from 'vitest';
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
  const small = smallSpecification();
  const few = { ...small, sample: { ...small.sample, steps: 2 } };
  expect(() => planOf(few, networks)).toThrow('Sampling across 3 experts needs at least 3 steps, not 2.');
});

describe('broken samples', () => {
  /** As many as lie right of `limit`, in samples of 300. */
  const draws = async (limit: number, { batch = 300, count = 300 } = {}) => {
    const { take, values } = gathered();
    const isBroken = ([x]: Float32Array) => x! > limit;
    const plan = planFor({ steps: 30 });
    const drawn = await drawSamples(plan, { count, seed: 4, scale: 1, batch, isBroken }, engines[0]!, task(), take);
    return { ...drawn, values: values() };
  };
  const task = () => new Listener().task('sampling');
  const rightmost = (values: readonly number[]) => values.filter((_, i) => i % 2 === 0).toSorted((a, b) => b - a);

  test('a few are drawn again, and nothing else changes', async () => {
    const plain = await draws(Number.POSITIVE_INFINITY);
    expect(plain).toMatchObject({ samples: 300, redrawn: 0, kept: 0 });
    const limit = (rightmost(plain.values)[1]! + rightmost(plain.values)[2]!) / 2;
    const mended = await draws(limit);
    expect(mended).toMatchObject({ samples: 300, redrawn: 2, kept: 0 });
    expect(rightmost(mended.values)[0]).toBeLessThanOrEqual(limit);
    expect(mended.values.filter((value, i) => value !== plain.values[i])).toHaveLength(4);
    // The one on the right of each batch: the numbers of what replaces it do not depend on the batch.
    expect((await draws(limit, { batch: 150 })).values).toEqual(mended.values);
  });

  test('many are kept, because they tell of the model', async () => {
    const plain = await draws(Number.POSITIVE_INFINITY);
    const limit = rightmost(plain.values)[30]!;
    const found = await draws(limit);
    expect(found).toMatchObject({ redrawn: 0, kept: 30 });
    expect(found.values).toEqual(plain.values);
  });
});
