/**
 * Which timings there are and what each measures. `kernels` times the parts of the wasm engine on this thread; the
 * other suites time whole steps on the engine with all its threads. Molecules have the size that the options say;
 * the Müller–Brown toy (`mb_…`) always has the reference's.
 */
import type { Engine } from '../../engines/engine.ts';
import { chooseVariant, type KernelVariant } from '../../engines/wasm/kernels.ts';
import { productOperations } from '../../program/operations.ts';
import { type Measurement, measurement } from './measurement.ts';
import { multiplyAddLoop, OPERATIONS_PER_TURN } from './peak.ts';
import { networkProducts } from './products.ts';
import { brief, median, type Patience, secondsEach } from './timing.ts';
import { xtcWork } from './trajectories.ts';
import {
  force,
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

/** Measured at most once a run: other results are fractions of it. */
export interface Peak {
  readonly variant: KernelVariant;
  /** Operations per second of one thread. */
  readonly oneThread: number;
}

export async function measurePeak(signal: AbortSignal): Promise<Peak> {
  const variant = chooseVariant();
  const run = multiplyAddLoop(variant);
  const { least } = await secondsEach((turns) => () => run(turns), brief, signal);
  return { variant, oneThread: OPERATIONS_PER_TURN / least };
}

export const measureSuite = (suite: Suite, bench: Bench, peak: Peak | undefined): Promise<Measurement[]> =>
  measures[suite](bench, peak);

const MB_BATCH = 128;
const MB_CHAINS = 64;

const measures: Readonly<Record<Suite, (bench: Bench, peak: Peak | undefined) => Promise<Measurement[]>>> = {
  async kernels({ options, signal }, peak) {
    if (!peak) return [];
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
      measurement(name, perSecond / 1e9, 'GFLOP/s', perSecond / peak.oneThread);
    return [
      measurement('peak_gflops_1thread', peak.oneThread / 1e9, 'GFLOP/s'),
      line('matmul_gflops_1thread', forward),
      line('weight_gradient_gflops_1thread', gradients),
    ];
  },

  async force(bench, peak) {
    return [await milliseconds('force_ms', force(sizeOfMolecule(bench), bench.options.batch), bench, peak)];
  },

  async langevin(bench, peak) {
    const molecular = langevin(sizeOfMolecule(bench), bench.options.batch);
    return [
      await milliseconds('langevin_step_ms', molecular, bench, peak),
      await stepsPerSecond('mb_langevin_steps_per_s', langevin(muellerBrownToy, MB_CHAINS), bench, peak),
      await stepsPerSecond('mb_langevin_1chain_steps_per_s', langevin(muellerBrownToy, 1), bench, peak),
    ];
  },

  async train(bench, peak) {
    const { batch } = bench.options;
    return [
      ...(await trainingSteps('', sizeOfMolecule(bench), batch, bench, peak)),
      ...(await trainingSteps('mb_', muellerBrownToy, MB_BATCH, bench, peak)),
      measurement('thread_speedup', await threadSpeedup(bench), 'times'),
    ];
  },

  async sample(bench, peak) {
    const { drawn = 1000 } = bench.options;
    const workload = sampling(sizeOfMolecule(bench), drawn);
    const seconds = await timed(workload, bench.engine, bench);
    const perThousand = seconds * SAMPLING_STEPS * (1000 / drawn);
    return [
      measurement('sample_ms_per_1000', 1000 * perThousand, 'ms', fractionOfPeak(workload, seconds, bench, peak)),
    ];
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
  peak: Peak | undefined,
): Promise<Measurement[]> {
  const step = (name: string, objective: Objective) =>
    milliseconds(`${prefix}${name}_step_ms`, training(subject, objective, batch), bench, peak);
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

async function milliseconds(name: string, workload: Workload, bench: Bench, peak: Peak | undefined) {
  const seconds = await timed(workload, bench.engine, bench);
  return measurement(name, 1000 * seconds, 'ms', fractionOfPeak(workload, seconds, bench, peak));
}

async function stepsPerSecond(name: string, workload: Workload, bench: Bench, peak: Peak | undefined) {
  const seconds = await timed(workload, bench.engine, bench);
  return measurement(name, 1 / seconds, 'steps/s', fractionOfPeak(workload, seconds, bench, peak));
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

function fractionOfPeak({ program, samples }: Workload, seconds: number, { threads }: Bench, peak: Peak | undefined) {
  return peak && productOperations(program, samples) / (seconds * threads * peak.oneThread);
}
