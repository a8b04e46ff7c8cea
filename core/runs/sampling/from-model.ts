/**
 * What a trained model makes: samples of it, and simulations in which its score at the evaluation time is the force.
 * Rows are taken as they come; nothing is stored here.
 */
import type { Engine } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { EvaluatedModel, TrainedNetwork } from '../../methods/method.ts';
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { Continuation, TakeRows } from '../../storage/row-sink.ts';
import { type DataSet, spaced } from '../data/data-set.ts';
import { dimensionOf, type RunSystem } from '../data/run-system.ts';
import type { Follower } from '../follower.ts';
import { hasBrokenBond } from './broken-bonds.ts';
import { type Drawn, drawSamples, type SampleOptions } from './sample.ts';
import { simulateReplicas } from './simulate.ts';
import type { Simulation, TorsionMoves } from './simulation.ts';
import { stratifiedStarts } from './stratified-starts.ts';
import { movesAskedFor } from './torsion-sampler.ts';

export interface TrainedRun {
  readonly specification: Specification;
  readonly system: RunSystem;
  readonly networks: readonly TrainedNetwork[];
}

/** Returns how many samples were drawn, without those from before an interruption. */
export async function sampleRun(
  { specification, system, networks }: TrainedRun,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
  continuation?: Continuation,
): Promise<number> {
  const { sample, seed } = specification;
  const options = { count: sample.count, seed, scale: system.scale, isBroken: isBroken(specification, system) };
  const plan = methodOf(specification).samplingPlan(networks, specification);
  const view = follower.spectator?.sampling({ system, made: continuation?.made });
  const drawn = await drawSamples(plan, options, engine, follower.task('sampling'), take, continuation, view);
  for (const line of brokenText(drawn)) follower.say(line);
  return drawn.samples;
}

/** What counts as broken, where such samples are to be drawn again. */
function isBroken({ sample }: Specification, { bonds, bondRanges }: RunSystem): SampleOptions['isBroken'] {
  if (sample.brokenBonds === 'keep' || !bondRanges) return undefined;
  return (positions) => hasBrokenBond(positions, bonds, bondRanges);
}

const whole = (count: number): string => count.toLocaleString('en-US');

function brokenText({ samples, redrawn, kept }: Drawn): string[] {
  const broken = (count: number) => (count === 1 ? '1 sample' : `${whole(count)} samples`);
  const of = ` of ${whole(samples)}`;
  return [
    ...(redrawn > 0
      ? [
          `${broken(redrawn)}${of} had a bond of a length that is not in the data, and ${redrawn === 1 ? 'was' : 'were'} drawn again.`,
        ]
      : []),
    ...(kept > 0
      ? [
          `${broken(kept)}${of} have a bond of a length that is not in the data. They are kept: so many tell of the model.`,
        ]
      : []),
  ];
}

/** Replicas start at different data points, or at different samples of the model (`simulate.start`). */
export async function simulateRun(
  run: TrainedRun,
  data: () => Promise<DataSet>,
  engine: Engine,
  follower: Follower,
  take: TakeRows,
  continuation?: Continuation,
): Promise<Simulation> {
  const { specification, system } = run;
  const { simulate, seed } = specification;
  const force = forceOf(run);
  const moves = movesOf(run, force);
  const { replicas } = simulate;
  const starts = {
    data: async () => spaced(await data(), replicas),
    stratified: async () => stratifiedStarts(await data(), system.variables, replicas, seed),
    samples: () => samplesToStartFrom(run, engine, follower),
  }[simulate.start];
  const { kT, masses, scale } = system;
  const options = { ...simulate, seed, kT, masses, scale, ...(moves ? { moves } : {}) };
  const task = follower.task('simulating');
  const scene = { system, made: continuation?.made, options, force, engine };
  const view = follower.spectator?.simulation(scene);
  const simulation = await simulateReplicas(force, starts, options, engine, task, take, continuation, view).finally(
    () => view?.dispose(),
  );
  if (simulation.stopped > 0) {
    follower.say(
      `${simulation.stopped} of ${simulate.replicas} replicas diverged (non-finite coordinates) and were stopped; their later frames are left out.`,
    );
  }
  const { torsionAcceptance } = simulation;
  if (torsionAcceptance !== undefined) follower.say(acceptanceText(torsionAcceptance));
  return simulation;
}

export const acceptanceText = (fraction: number): string =>
  `${(100 * fraction).toPrecision(2)} % of the torsion moves were accepted. The simulation samples and is no dynamics: it has no times.`;

/** The torsion moves that are asked for; an error where nothing can turn, or where no energy could accept them. */
function movesOf({ specification: { simulate }, system }: TrainedRun, force: EvaluatedModel): TorsionMoves | undefined {
  const moves = movesAskedFor(simulate, system.topology);
  if (!moves || force.hasEnergy) return moves;
  throw new ErgodicError(
    `\`simulate.torsionMoves\` is ${simulate.torsionMoves}, but the network at the evaluation time has no energy to accept them with: set it to 0, or train a conservative network.`,
  );
}

/** The model whose score is the force; an error where the method has none. */
function forceOf({ specification, networks }: TrainedRun): EvaluatedModel {
  const { force, title } = methodOf(specification);
  if (force) return force(networks, specification.simulate.evaluationTime);
  throw new ErgodicError(`The method ${title} has no force: its models can be sampled but not simulated.`);
}

async function samplesToStartFrom({ specification, system, networks }: TrainedRun, engine: Engine, follower: Follower) {
  const { simulate, seed } = specification;
  const starts = new Float32Array(simulate.replicas * dimensionOf(system));
  let filled = 0;
  // Not the seed of the samples: a simulation should not start at the samples it is compared with.
  const options = {
    count: simulate.replicas,
    seed: seed + 1,
    scale: system.scale,
    isBroken: isBroken(specification, system),
  };
  const plan = methodOf(specification).samplingPlan(networks, specification);
  await drawSamples(plan, options, engine, follower.task('sampling starting points'), async (rows) => {
    starts.set(rows, filled);
    filled += rows.length;
  });
  return starts;
}
