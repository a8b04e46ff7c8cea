/**
 * How the samples of a call share a GPU. Where they never meet, a workgroup can have a few to itself and go with them
 * through many steps in one shader: a step of small networks then costs no dispatch at all. But a workgroup is a small
 * part of a GPU, so that few samples of a large network had better be spread: every piece of a step is a shader of its
 * own, on which the whole GPU works. Which it is follows from the program and the number of samples alone, so that a
 * run that is resumed goes on to the same bits.
 */
import { operationsOfSample } from '../../program/operations.ts';
import { outputsOf, type Plan, type Unit } from '../../program/passes/fuse.ts';
import { sizeOf } from '../../program/tensor.ts';

/** `few`: spread, and so few of them that invocations share what is done for each. */
export type Placement = 'resident' | 'spread' | 'few';

/** At most so many samples share a workgroup, where they are small. */
const MOST_TOGETHER = 8;
const FEW = 8;

/** A GPU of the middle, for the comparison: what it does, workgroups that keep it busy, and what a shader costs. */
const OPERATIONS_PER_SECOND = 2e12;
const GROUPS = 32;
const SECONDS_PER_SHADER = 5e-6;
/** Near a tie samples are spread: one shader for all of a step is long, and drivers take long to make it. */
const CLEARLY = 0.9;

/** Whether samples go their own ways, in a program that has any. */
export const mayReside = ({ accumulators, program }: Plan): boolean =>
  accumulators.length === 0 && program.inputs.some(({ perSample }) => perSample);

/** `lanes`: invocations of a workgroup that has samples to itself. */
export function placementOf(plan: Plan, samples: number, lanes: number): Placement {
  if (!mayReside(plan)) return 'spread';
  const work = (samples * operationsOfSample(plan.program)) / OPERATIONS_PER_SECOND;
  const busy = Math.min(1, samples / samplesTogether(plan, lanes) / GROUPS);
  const spread = work + SECONDS_PER_SHADER * plan.units.tile.length;
  if (work / busy < CLEARLY * spread) return 'resident';
  return samples <= FEW ? 'few' : 'spread';
}

/** Of one workgroup. */
export const samplesTogether = ({ units }: Plan, lanes: number): number =>
  Math.max(1, Math.min(MOST_TOGETHER, Math.floor(lanes / widest(units.tile))));

/** Numbers of the largest tensor that samples compute. */
const widest = (units: readonly Unit[]): number =>
  Math.max(1, ...units.flatMap((unit) => outputsOf(unit).map(({ shape }) => sizeOf(shape))));
