import { afterAll, expect, test } from 'vitest';
import { loadEngine } from '../../engines/registry.ts';
import { forceOf, gathered, Listener, smallSpecification, untrained } from '../small-run.test-support.ts';
import { simulateReplicas } from './simulate.ts';

const force = forceOf(smallSpecification(), untrained(smallSpecification()));
const engines = await Promise.all([1, 2, 3].map((threads) => loadEngine('wasm', { threads })));
afterAll(() => Promise.all(engines.map((engine) => engine.dispose())));
const replicas = 9;
const settings = {
  ...smallSpecification().simulate,
  replicas,
  steps: 120,
  stride: 5,
  equilibration: 13,
  seed: 3,
  kT: 1,
  masses: [1, 2],
  scale: 1,
};
const starts = Float32Array.from({ length: 2 * replicas }, (_, i) => Math.sin(i));

async function simulate(
  options: Partial<typeof settings>,
  { threads = 1, listener = new Listener(), from = starts } = {},
) {
  const { take, values } = gathered();
  const task = listener.task('simulating');
  const engine = engines[threads - 1]!;
  const { stopped } = await simulateReplicas(force, async () => from, { ...settings, ...options }, engine, task, take);
  return { stopped, values: values(), reports: listener.reports.get('simulating')! };
}

const frame = (values: readonly number[], index: number) =>
  values.slice(2 * replicas * index, 2 * replicas * (index + 1));

test.each(['baoab', 'langevin'] as const)('%s: threads change no bit, a seed does', async (integrator) => {
  const { values, stopped } = await simulate({ integrator });
  expect(values).toHaveLength((120 / 5) * replicas * 2);
  expect(stopped).toBe(0);
  expect((await simulate({ integrator }, { threads: 2 })).values).toEqual(values);
  expect((await simulate({ integrator }, { threads: 3 })).values).toEqual(values);
  expect((await simulate({ integrator, seed: 4 })).values).not.toEqual(values);
});

test('frames are the same ones whatever the stride is, long ones that take several calls included', async () => {
  const { values: every } = await simulate({ stride: 1 });
  for (const stride of [5, 40, 119, 120]) {
    const { values } = await simulate({ stride });
    const count = Math.floor(120 / stride);
    expect(values).toHaveLength(count * 2 * replicas);
    for (let i = 0; i < count; i++) expect(frame(values, i)).toEqual(frame(every, (i + 1) * stride - 1));
  }
});

test('equilibration is simulated and not stored', async () => {
  const { values: late } = await simulate({ equilibration: 20, steps: 100 });
  const { values: all } = await simulate({ equilibration: 0, steps: 120 });
  expect(late).toEqual(all.slice(4 * 2 * replicas));
});

test('steps beyond the last whole stride are simulated, too, and progress reaches its total', async () => {
  const { values, reports } = await simulate({ steps: 123 });
  expect(values).toEqual((await simulate({})).values);
  expect(reports[0]).toEqual({ done: 0, total: 136, unit: 'steps' });
  expect(reports.at(-1)!.done).toBe(136);
});

test('a replica that diverges is NaN from then on, counted, and the others do not notice', async () => {
  const { values } = await simulate({});
  const from = starts.slice();
  from[6] = 5e3;
  from[13] = Number.NaN;
  const { values: some, stopped } = await simulate({}, { from });
  expect(stopped).toBe(2);
  some.forEach((value, i) => {
    const replica = Math.floor(i / 2) % replicas;
    if (replica === 3 || replica === 6) expect(value).toBeNaN();
    else expect(value).toBe(values[i]);
  });
  const none = await simulate({}, { from: starts.map(() => 1e9) });
  expect(none.stopped).toBe(replicas);
  expect(none.values.every(Number.isNaN)).toBe(true);
});
