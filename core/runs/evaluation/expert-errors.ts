/**
 * What each expert of a model adds to the error of its samples: samples that begin at its largest noise, at frames of the
 * data with as much noise on them, beside the noise floor of as many frames (method §9). Begun at t = 1 they are the
 * samples of the model; begun at the upper end of an expert, only this one and those below it can be wrong.
 */
import { againstReference, type EqualCount, type Truth } from '../../analysis/metrics/equal-count.ts';
import { noisedStart } from '../../diffusion/samplers.ts';
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import type { DataSet } from '../data/data-set.ts';
import type { RunSystem } from '../data/run-system.ts';
import type { Follower } from '../follower.ts';
import { samplesOf } from '../sampling/sample.ts';
import { measuredIn } from './evaluate.ts';
import type { Comparison, Scored } from './evaluate-run.ts';

export interface BegunAt {
  /** Diffusion time at which the samples begin. */
  readonly t: number;
  readonly equalCount: EqualCount;
}

/** From pure noise downwards. */
export async function expertErrors(
  { specification, system, networks }: Scored,
  data: Comparison['data'],
  most: number,
  engine: Engine,
  follower: Follower,
): Promise<BegunAt[]> {
  const method = methodOf(specification);
  const plan = method.samplingPlan(networks, specification);
  const { begins, truth } = begunAndCompared(data, system);
  const count = Math.min(most, begins.count);
  const first = startsFrom(begins, count, system.scale);
  const found: BegunAt[] = [];
  const times = plan.stages.flatMap(({ from }) => (from === undefined ? [] : [from]));
  if (times.length === 0) {
    throw new ErgodicError(`Samples of the method ${method.title} begin nowhere but at noise: it has no experts.`);
  }
  for (const [index, t] of times.entries()) {
    const own = {
      ...plan,
      start: noisedStart(system.shape),
      startInputs: (from: number, some: number) => ({ x0: first(from, some), t: Float64Array.of(t) }),
      stages: plan.stages.slice(index),
    };
    const options = { count, seed: specification.seed, scale: system.scale };
    const rows = await samplesOf(own, options, engine, follower.task(`sampling from t = ${t}`));
    const samples = measuredIn(rows, system, 0);
    const equalCount = samples.all.frames > 0 ? againstReference(samples, truth, system.variables.plane) : undefined;
    if (equalCount) found.push({ t, equalCount });
  }
  return found;
}

/** Frames to begin at, which are none of those that are compared with: without frames for testing, every second one. */
function begunAndCompared(
  { known, reference }: Comparison['data'],
  system: RunSystem,
): { begins: DataSet; truth: Truth } {
  const [begins, compared] = known === reference ? [everySecond(known, 0), everySecond(known, 1)] : [known, reference];
  const measured = (set: DataSet) => measuredIn(set.values, system, 0);
  return { begins, truth: { reference: measured(compared), second: measured(begins) } };
}

function everySecond({ values, dimension, count }: DataSet, from: number): DataSet {
  const frames = Math.floor((count - from + 1) / 2);
  const rows = new Float32Array(frames * dimension);
  for (let i = 0; i < frames; i++) {
    const at = (2 * i + from) * dimension;
    rows.set(values.subarray(at, at + dimension), i * dimension);
  }
  return { values: rows, dimension, count: frames };
}

/** Evenly spaced frames in model units, by the numbers of the samples. */
function startsFrom({ values, dimension, count: frames }: DataSet, count: number, scale: number) {
  return (from: number, some: number): Float32Array => {
    const rows = new Float32Array(some * dimension);
    for (let i = 0; i < some; i++) {
      const at = Math.floor(((from + i) * frames) / count) * dimension;
      for (let j = 0; j < dimension; j++) rows[i * dimension + j] = values[at + j]! / scale;
    }
    return rows;
  };
}
