/** That each suite gives its results under their names; how fast this machine is, no test can know. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../engines/engine.ts';
import { loadEngine } from '../../engines/registry.ts';
import { softwareEngine, whyNoSoftware } from '../../engines/webgpu/software.test-support.ts';
import { describeMachine } from './machine.ts';
import type { Measurement } from './measurement.ts';
import { benchReport } from './report.ts';
import { type Bench, measurePeak, measureSuite, type Peak, type Suite, suiteNames } from './suites.ts';

/** `npm test` has one suite. */
const FULL = { tags: ['full'] };

const FRACTION = ['value', 'fractionOfPeak'];
const EXPECTED: Record<Suite, Record<string, [unit: Measurement['unit'], numbers: string[]]>> = {
  kernels: {
    peak_gflops_1thread: ['GFLOP/s', ['value']],
    matmul_gflops_1thread: ['GFLOP/s', FRACTION],
    weight_gradient_gflops_1thread: ['GFLOP/s', FRACTION],
  },
  force: { force_ms: ['ms', FRACTION], invariant_force_ms: ['ms', FRACTION] },
  langevin: {
    langevin_step_ms: ['ms', FRACTION],
    invariant_langevin_step_ms: ['ms', FRACTION],
    invariant_langevin_1chain_steps_per_s: ['steps/s', FRACTION],
    invariant_langevin_1000_steps_per_s: ['steps/s', FRACTION],
    mb_langevin_steps_per_s: ['steps/s', FRACTION],
    mb_langevin_1chain_steps_per_s: ['steps/s', FRACTION],
  },
  train: {
    dsm_step_ms: ['ms', FRACTION],
    fp_weak_step_ms: ['ms', FRACTION],
    fp_exact_step_ms: ['ms', FRACTION],
    regulariser_over_plain: ['times', ['value']],
    invariant_step_ms: ['ms', FRACTION],
    mb_dsm_step_ms: ['ms', FRACTION],
    mb_fp_weak_step_ms: ['ms', FRACTION],
    mb_fp_exact_step_ms: ['ms', FRACTION],
    mb_regulariser_over_plain: ['times', ['value']],
    thread_speedup: ['times', ['value']],
  },
  sample: { sample_ms_per_1000: ['ms', FRACTION] },
  io: { xtc_read_mb_s: ['MB/s', ['value']], xtc_write_mb_s: ['MB/s', ['value']] },
};

describe('a bench', () => {
  let engine: Engine;
  let peak: Peak;
  let bench: Bench;
  const all: Measurement[] = [];
  beforeAll(async () => {
    const { signal } = new AbortController();
    engine = await loadEngine('wasm', { threads: 2 });
    peak = await measurePeak(signal);
    bench = {
      options: { beads: 2, hidden: 8, layers: 1, batch: 5, drawn: 7 },
      engine,
      threads: 2,
      single: () => loadEngine('wasm', { threads: 1 }),
      patience: { call: 0.001, repeats: 3, budget: 0.01 },
      signal,
    };
  });
  afterAll(() => engine.dispose());

  for (const suite of suiteNames) {
    const set = suite === 'force' ? {} : FULL;
    it(`suite ${suite} has the results that its readers look for`, set, () => expectResults(suite));
  }

  async function expectResults(suite: Suite) {
    const results = await measureSuite(suite, bench, peak);
    expect(results.map(({ name }) => name)).toEqual(Object.keys(EXPECTED[suite]));
    for (const { name, unit, ...numbers } of results) {
      expect([unit, Object.keys(numbers)]).toEqual(EXPECTED[suite][name]);
      for (const value of Object.values(numbers)) {
        expect(Number.isFinite(value), name).toBe(true);
        expect(value, name).toBeGreaterThan(0);
      }
    }
    all.push(...results);
  }

  it('is reported with the machine, every result on a line', async () => {
    const text = benchReport(describeMachine(await engine.describe()), all);
    expect(text).toContain('engine wasm: CPU, WebAssembly');
    for (const { name, unit } of all) expect(text).toMatch(new RegExp(`^${name} +[\\d.,]+ ${unit}\\b`, 'm'));
  });

  it('on one thread needs no second engine to know its speed-up', FULL, async () => {
    const alone: Bench = { ...bench, threads: 1, single: () => Promise.reject(new Error('asked for')) };
    const results = await measureSuite('train', alone, undefined);
    expect(results.find(({ name }) => name === 'thread_speedup')?.value).toBe(1);
    expect(results.every(({ fractionOfPeak }) => fractionOfPeak === undefined)).toBe(true);
  });
});

it(
  'on a GPU every step stands beside the time that its arithmetic and its bytes need at least',
  FULL,
  async (context) => {
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    const engine = softwareEngine({ mostBytes: 2 ** 22 });
    const ceilings = await engine.ceilings!();
    const bench: Bench = {
      options: { beads: 2, hidden: 8, layers: 1, batch: 5, drawn: 7 },
      engine,
      threads: 1,
      single: () => Promise.reject(new Error('asked for')),
      patience: { call: 0.001, repeats: 3, budget: 0.01 },
      signal: new AbortController().signal,
    };
    const limits = await measureSuite('kernels', bench, ceilings);
    expect(limits.map(({ name, unit }) => [name, unit])).toEqual([
      ['gpu_gflops', 'GFLOP/s'],
      ['gpu_gb_s', 'GB/s'],
      ['gpu_shader_us', 'µs'],
      ['gpu_call_us', 'µs'],
    ]);
    for (const { value } of limits) expect(value).toBeGreaterThan(0);
    const [step] = await measureSuite('force', bench, ceilings);
    const { operations, bytes, ms, fraction } = step!.floor!;
    const least = Math.max(operations / ceilings.operationsPerSecond, bytes / ceilings.bytesPerSecond);
    expect(ms / (1000 * least)).toBeCloseTo(1, 3);
    expect(fraction / (ms / step!.value)).toBeCloseTo(1, 2);
    expect(benchReport(describeMachine(await engine.describe()), [step!])).toMatch(
      /^force_ms +\S+ ms +\S+ % of the floor, \S+ ms \(\S+ MFLOP, \S+ MB\)$/m,
    );
    await engine.dispose();
  },
);
