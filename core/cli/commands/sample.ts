/**
 * `ergodic sample RUN`: independent samples by reverse diffusion, into the run's folder or a file.
 */
import { isDeepStrictEqual } from 'node:util';
import { ErgodicError } from '../../errors.ts';
import { methodOf } from '../../methods/methods.ts';
import { engineName, withEngine } from '../../runs/engine-session.ts';
import { openTrained } from '../../runs/pipeline.ts';
import { samplesResult } from '../../runs/run-results.ts';
import { sampleRun } from '../../runs/sampling/from-model.ts';
import type { Specification } from '../../specification/settings.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import { type Arguments, flagOf } from '../options.ts';
import { formatCount, formatDuration } from '../progress.ts';
import { overridden, writeResult } from '../run-commands.ts';

export async function run(args: Arguments<'sample'>, context: CommandContext): Promise<CommandResult> {
  const { specification: own, system, networks } = await openTrained(args.run, context);
  const specification = withSampling(overridden(own, args), args);
  const { sample } = specification;
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

/** With the settings that the command line gives instead; the method must have each of them. */
function withSampling(own: Specification, { count, solver, steps }: Arguments<'sample'>): Specification {
  const given = Object.entries({ count, solver, steps }).filter(([, value]) => value !== undefined);
  const unknown = given.find(([key]) => !Object.hasOwn(own.sample, key));
  if (unknown) {
    throw new ErgodicError(
      `A model of the method ${methodOf(own).title} has no \`${flagOf(unknown[0])}\` to sample with.`,
      {
        usage: true,
      },
    );
  }
  return { ...own, sample: { ...own.sample, ...Object.fromEntries(given) } } as Specification;
}
