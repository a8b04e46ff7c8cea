/**
 * `ergodic sample RUN`: independent samples by reverse diffusion, into the run's folder or a file.
 */
import { isDeepStrictEqual } from 'node:util';
import { engineName, withEngine } from '../../runs/engine-session.ts';
import { openTrained, sampleRun } from '../../runs/pipeline.ts';
import { samplesResult } from '../../runs/run-results.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount, formatDuration } from '../progress.ts';
import { overridden, writeResult } from '../run-commands.ts';

export async function run(args: Arguments<'sample'>, context: CommandContext): Promise<CommandResult> {
  const { specification: own, system, networks } = await openTrained(args.run, context);
  const sample = {
    ...own.sample,
    count: args.count ?? own.sample.count,
    solver: args.solver ?? own.sample.solver,
    steps: args.steps ?? own.sample.steps,
  };
  const specification = { ...overridden(own, args), sample };
  const target = {
    run: args.run,
    out: args.out,
    result: samplesResult(specification, system),
    own: specification.seed === own.seed && isDeepStrictEqual(sample, own.sample),
  };
  const engine = await engineName(specification);
  const { outcome, file } = await writeResult(target, context, (take, from) =>
    withEngine(specification, context, async (opened) => {
      const start = performance.now();
      const drawn = await sampleRun({ specification, system, networks }, opened, context, take, from);
      return { drawn, seconds: (performance.now() - start) / 1000 };
    }),
  );
  const samples = sample.count;
  const { drawn, seconds } = outcome;
  const perSecond = drawn / seconds;
  return {
    json: { samples, seconds, perSecond, engine, file },
    text: `${formatCount(samples)} samples in ${formatDuration(seconds)} (${formatCount(perSecond)} samples/s): ${file}`,
  };
}
