/**
 * Which timings there are and what each measures. `kernels` times the parts of the wasm engine on this thread; the
 * other suites time whole steps on the engine with all its threads. Molecules have the size that the options say;
 * the Müller–Brown toy (`mb_…`) always has the reference's.
 */
import type { Ceilings, Engine } from '../../engines/engine.ts';
import { chooseVariant, type KernelVariant } from '../../engines/wasm/kernels.ts';
import { allOperations, leastBytes, productOperations } from '../../program/operations.ts';
import { type Measurement, measurement, type OfPeak } from './measurement.ts';
import { multiplyAddLoop, OPERATIONS_PER_TURN } from './peak.ts';
import { networkProducts } from './products.ts';
import { brief, median, type Patience, secondsEach } from './timing.ts';
import { xtcWork } from './trajectories.ts';
import {
  force,
  invariantChain,
  langevin,
  molecule,
  muellerBrownToy,
  type Objective,
  SAMPLING_STEPS,
  type Subject,
  sampling,
  training,
  type Workload,
} from './workloads.ts';

export type Suite = 'kernels' | 'force' | 'langevin' | 'train' | 'sample' | 'io';
export const suiteNames: readonly Suite[] = ['kernels', 'force', 'langevin', 'train', 'sample', 'io'];

export interface BenchOptions {
  readonly beads: number;
  readonly hidden: number;
  readonly layers: number;
  /** Samples of a force evaluation, replicas, and samples of a training step. */
  readonly batch: number;
  /** Samples drawn at once; the result is for 1000 whatever this is. */
  readonly drawn?: number;
}

export interface Bench {
  readonly options: BenchOptions;
  readonly engine: Engine;
  /** Of the engine. */
  readonly threads: number;
  /** The same engine with one thread. */
  single(): Promise<Engine>;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** What the CPU can do at most, measured at most once a run: other results are fractions of it. */
export interface Peak {
  readonly variant: KernelVariant;
  /** Operations per second of one thread. */
  readonly oneThread: number;
}

/** Of the CPU, or of a GPU. */
export type Limit = Peak | Ceilings;

export async function measurePeak(signal: AbortSignal): Promise<Peak> {
  const variant = chooseVariant();
  const run = multiplyAddLoop(variant);
  const { least } = await secondsEach((turns) => () => run(turns), brief, signal);
  return { variant, oneThread: OPERATIONS_PER_TURN / least };
}

export const measureSuite = (suite: Suite, bench: Bench, limit: Limit | undefined): Promise<Measurement[]> =>
  measures[suite](bench, limit);

/** Samples of a step of the automatic method. */
const FAST_BATCH = 512;
const MB_BATCH = 128;
const MB_CHAINS = 64;

const measures: Readonly<Record<Suite, (bench: Bench, limit: Limit | undefined) => Promise<Measurement[]>>> = {
  async kernels({ options, signal }, peak) {
    if (!peak) return [];
    if (!('oneThread' in peak)) {
      return [
        measurement('gpu_gflops', peak.operationsPerSecond / 1e9, 'GFLOP/s'),
        measurement('gpu_gb_s', peak.bytesPerSecond / 1e9, 'GB/s'),
        measurement('gpu_shader_us', 1e6 * peak.secondsPerShader, 'µs'),
        measurement('gpu_call_us', 1e6 * peak.secondsPerCall, 'µs'),
      ];
    }
    const products = networkProducts(options, peak.variant);
    const speed = async (call: () => void) => {
      const prepare = (times: number) => () => {
        for (let i = 0; i < times; i++) call();
      };
      return products.operations / (await secondsEach(prepare, brief, signal)).median;
    };
    const forward = await speed(products.forward);
    const gradients = await speed(products.weightGradients);
    const line = (name: string, perSecond: number) =>
      measurement(name, perSecond / 1e9, 'GFLOP/s', { fractionOfPeak: perSecond / peak.oneThread });
    return [
      measurement('peak_gflops_1thread', peak.oneThread / 1e9, 'GFLOP/s'),
      line('matmul_gflops_1thread', forward),
      line('weight_gradient_gflops_1thread', gradients),
    ];
  },

  async force(bench, limit) {
    const { beads, batch } = bench.options;
    return [
      await milliseconds('force_ms', force(sizeOfMolecule(bench), batch), bench, limit),
      await milliseconds('invariant_force_ms', force(invariantChain(beads), batch), bench, limit),
    ];
  },

  async langevin(bench, limit) {
    const { beads, batch } = bench.options;
    const molecular = langevin(sizeOfMolecule(bench), batch);
    const chain = invariantChain(beads);
    return [
      await milliseconds('langevin_step_ms', molecular, bench, limit),
      await milliseconds('invariant_langevin_step_ms', langevin(chain, batch), bench, limit),
      await stepsPerSecond('invariant_langevin_1chain_steps_per_s', langevin(chain, 1), bench, limit),
      await stepsPerSecond('invariant_langevin_1000_steps_per_s', langevin(chain, 1000), bench, limit),
      await stepsPerSecond('mb_langevin_steps_per_s', langevin(muellerBrownToy, MB_CHAINS), bench, limit),
      await stepsPerSecond('mb_langevin_1chain_steps_per_s', langevin(muellerBrownToy, 1), bench, limit),
    ];
  },

  async train(bench, limit) {
    const { batch } = bench.options;
    return [
      ...(await trainingSteps('', sizeOfMolecule(bench), batch, bench, limit)),
      await milliseconds(
        'invariant_step_ms',
        training(invariantChain(bench.options.beads), 'plain', FAST_BATCH),
        bench,
        limit,
      ),
      ...(await trainingSteps('mb_', muellerBrownToy, MB_BATCH, bench, limit)),
      measurement('thread_speedup', await threadSpeedup(bench), 'times'),
    ];
  },

  async sample(bench, limit) {
    const { drawn = 1000 } = bench.options;
    const workload = sampling(sizeOfMolecule(bench), drawn);
    const seconds = await timed(workload, bench.engine, bench);
    const steps = SAMPLING_STEPS * (1000 / drawn);
    const ofPeak = ofPeakFor(workload, seconds, bench, limit, steps);
    return [measurement('sample_ms_per_1000', 1000 * seconds * steps, 'ms', ofPeak)];
  },

  /** Megabytes of the compressed file, in memory, on one thread. */
  async io({ patience, signal }) {
    const { bytes, read, write } = await xtcWork();
    const megabytesPerSecond = async (work: () => unknown) => {
      const prepare = (times: number) => async () => {
        for (let i = 0; i < times; i++) await work();
      };
      return bytes / 1e6 / (await secondsEach(prepare, patience, signal)).median;
    };
    return [
      measurement('xtc_read_mb_s', await megabytesPerSecond(read), 'MB/s'),
      measurement('xtc_write_mb_s', await megabytesPerSecond(write), 'MB/s'),
    ];
  },
};

const sizeOfMolecule = ({ options: { beads, hidden, layers } }: Bench): Subject => molecule(beads, hidden, layers);

async function trainingSteps(
  prefix: string,
  subject: Subject,
  batch: number,
  bench: Bench,
  limit: Limit | undefined,
): Promise<Measurement[]> {
  const step = (name: string, objective: Objective) =>
    milliseconds(`${prefix}${name}_step_ms`, training(subject, objective, batch), bench, limit);
  const plain = await step('dsm', 'plain');
  const weak = await step('fp_weak', 'weak');
  const exact = await step('fp_exact', 'exact');
  const ratio = Math.min(weak.value, exact.value) / plain.value;
  return [plain, weak, exact, measurement(`${prefix}regulariser_over_plain`, ratio, 'times')];
}

/** Pairs of timings, so that a machine whose speed drifts slows down both sides of a ratio. */
const PAIRS = 3;

/** How many times as fast a training step is with all threads as with one. */
async function threadSpeedup(bench: Bench): Promise<number> {
  if (bench.threads === 1) return 1;
  const workload = training(sizeOfMolecule(bench), 'plain', bench.options.batch);
  const single = await bench.single();
  try {
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair++) {
      const alone = await timed(workload, single, bench);
      ratios.push(alone / (await timed(workload, bench.engine, bench)));
    }
    return median(ratios);
  } finally {
    await single.dispose();
  }
}

async function milliseconds(name: string, workload: Workload, bench: Bench, limit: Limit | undefined) {
  const seconds = await timed(workload, bench.engine, bench);
  return measurement(name, 1000 * seconds, 'ms', ofPeakFor(workload, seconds, bench, limit));
}

async function stepsPerSecond(name: string, workload: Workload, bench: Bench, limit: Limit | undefined) {
  const seconds = await timed(workload, bench.engine, bench);
  return measurement(name, 1 / seconds, 'steps/s', ofPeakFor(workload, seconds, bench, limit));
}

/** Seconds for one step. */
async function timed(workload: Workload, engine: Engine, { patience, signal }: Bench): Promise<number> {
  const executable = await engine.compile(workload.program);
  try {
    const prepare = (steps: number) => {
      const call = workload.call(steps);
      return () => executable.run(call);
    };
    return (await secondsEach(prepare, patience, signal)).median;
  } finally {
    executable.dispose();
  }
}

/** What the limit says of so many steps of which each took so long. */
function ofPeakFor(
  { program, samples }: Workload,
  seconds: number,
  { threads }: Bench,
  limit: Limit | undefined,
  steps = 1,
): OfPeak {
  if (!limit) return {};
  if ('oneThread' in limit)
    return { fractionOfPeak: productOperations(program, samples) / (seconds * threads * limit.oneThread) };
  const operations = allOperations(program, samples);
  const bytes = leastBytes(program, samples);
  const least = Math.max(operations / limit.operationsPerSecond, bytes / limit.bytesPerSecond);
  const floor = { operations: steps * operations, bytes: steps * bytes, ms: 1000 * steps * least };
  return { floor: { ...floor, fraction: least / seconds } };
}
