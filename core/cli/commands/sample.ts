/**
 * `ergodic sample RUN`: independent samples by reverse diffusion, into the run's folder or a file.
 */
import { join } from 'node:path';
import { openTrained, SAMPLES, sampleRun, withEngine } from '../../runs/pipeline.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { formatCount, formatDuration } from '../progress.ts';
import { overridden, resultFile } from '../run-commands.ts';

export async function run(args: Arguments<'sample'>, context: CommandContext): Promise<CommandResult> {
  const file = args.out ?? join(args.run, SAMPLES);
  const write = resultFile(file);
  const { specification: own, experts } = await openTrained(args.run, (line) => context.say(line));
  const { sample } = own;
  const settings = {
    count: args.count ?? sample.count,
    solver: args.solver ?? sample.solver,
    steps: args.steps ?? sample.steps,
  };
  const specification = { ...overridden(own, args), sample: { ...sample, ...settings } };
  const start = performance.now();
  const data = await withEngine(specification, (engine) => sampleRun({ specification, experts }, engine, context));
  const seconds = (performance.now() - start) / 1000;
  const samples = settings.count;
  await write({ shape: [samples, data.length / samples], data });
  const perSecond = samples / seconds;
  return {
    json: { samples, seconds, perSecond, file },
    text: `${formatCount(samples)} samples in ${formatDuration(seconds)} (${formatCount(perSecond)} samples/s): ${file}`,
  };
}
