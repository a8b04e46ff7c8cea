/**
 * `ergodic simulate RUN`: Langevin dynamics with the model's force, into the run's folder or a file.
 */
import { isDeepStrictEqual } from 'node:util';
import { ErgodicError } from '../../errors.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { engineName, withEngine } from '../../runs/engine-session.ts';
import { openTrained, simulationFacts } from '../../runs/pipeline.ts';
import { simulationResult } from '../../runs/run-results.ts';
import { acceptanceText, simulateRun } from '../../runs/sampling/from-model.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount, formatDuration } from '../progress.ts';
import { orElse, overridden, writeResult } from '../run-commands.ts';

const SECONDS_PER_DAY = 86_400;

export async function run(args: Arguments<'simulate'>, context: CommandContext): Promise<CommandResult> {
  const { record, specification: own, system, networks } = await openTrained(args.run, context);
  const { simulate: before } = own;
  const simulate = {
    ...before,
    replicas: args.replicas ?? before.replicas,
    steps: args.steps ?? before.steps,
    equilibration: args.equilibration ?? before.equilibration,
    timeStep: args.dt ?? before.timeStep,
    stride: args.stride ?? before.stride,
    friction: args.friction ?? before.friction,
    integrator: args.integrator ?? before.integrator,
    evaluationTime: args.evaluationTime ?? before.evaluationTime,
    start: args.start ?? before.start,
    torsionMoves: args.torsionMoves ?? before.torsionMoves,
    torsionMovesEvery: args.torsionMovesEvery ?? before.torsionMovesEvery,
  };
  const { replicas, steps, stride, timeStep } = simulate;
  if (stride > steps) {
    throw new ErgodicError(`The stride is ${stride}, more than the ${steps} steps: no frame would be stored.`, {
      usage: true,
    });
  }
  const specification = { ...overridden(own, args), simulate };
  const target = {
    run: args.run,
    out: args.out,
    result: simulationResult(specification, system),
    own: specification.seed === own.seed && isDeepStrictEqual(simulate, before),
    recorded: simulationFacts,
  };
  const startData = async () =>
    (await orElse(reloadData(record, context), "Or start at the model's own samples: `--start samples --out FILE`."))
      .known;
  const engine = await engineName(specification);
  const { outcome, file } = await writeResult(target, context, (take, from) =>
    withEngine(specification, context, (opened) =>
      simulateRun({ specification, system, networks }, startData, opened, context, take, from),
    ),
  );
  const { stopped, seconds, torsionAcceptance } = outcome;
  const stepsPerSecond = outcome.steps / seconds;
  const nsPerDay = (replicas * stepsPerSecond * timeStep * SECONDS_PER_DAY) / 1000;
  // Torsion moves are no dynamics: their steps take no time.
  const isDynamics = simulate.torsionMoves === 0;
  const speed = [
    `${formatCount(stepsPerSecond)} steps/s`,
    ...(isDynamics
      ? [`${formatCount(nsPerDay)} ns/day over all replicas${system.topology ? '' : ' in units of the system'}`]
      : []),
  ];
  return {
    json: {
      replicas,
      steps,
      stopped,
      ...(isDynamics ? { nsPerDay } : { torsionAcceptance }),
      stepsPerSecond,
      seconds,
      engine,
      file,
    },
    text: [
      `${formatCount(replicas)} replicas × ${formatCount(steps)} steps in ${formatDuration(seconds)} (${speed.join(', ')}): ${file}`,
      ...(torsionAcceptance === undefined ? [] : [acceptanceText(torsionAcceptance)]),
    ].join('\n'),
  };
}
