/**
 * `ergodic bench`: how fast this machine is at what the product does, in medians, beside the machine's own limit.
 * What is timed stands in `bench/suites.ts`, what the numbers must be in the design's table of speeds.
 */
import { chooseEngine } from '../../engines/registry.ts';
import { ErgodicError } from '../../errors.ts';
import { describeMachine } from '../bench/machine.ts';
import type { Measurement } from '../bench/measurement.ts';
import { benchReport } from '../bench/report.ts';
import { type Bench, measurePeak, measureSuite, suiteNames } from '../bench/suites.ts';
import { patient } from '../bench/timing.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';

export async function run(args: Arguments<'bench'>, { signal, task }: CommandContext): Promise<CommandResult> {
  const withThreads = (threads: number) => chooseEngine(args.engine, threads > 0 ? { threads } : {});
  const engine = await withThreads(args.threads);
  try {
    const info = await engine.describe();
    if (args.suite === 'kernels' && engine.name !== 'wasm' && !engine.ceilings) {
      throw new ErgodicError('The suite `kernels` is about the engine wasm, or the limits of a GPU.', {
        usage: true,
      });
    }
    const machine = describeMachine(info);
    const bench: Bench = {
      options: args,
      engine,
      threads: info.threads,
      single: () => withThreads(1),
      patience: patient,
      signal,
    };
    // Other engines do not compute with the instructions that the CPU's limit is about.
    const limit = engine.name === 'wasm' ? await measurePeak(signal) : await engine.ceilings?.();
    const suites = args.suite === undefined ? suiteNames : [args.suite];
    const progress = task('timing');
    const results: Measurement[] = [];
    for (const [done, suite] of suites.entries()) {
      progress.report({ done, total: suites.length, unit: 'suites', note: suite });
      results.push(...(await measureSuite(suite, bench, limit)));
    }
    progress.report({ done: suites.length, total: suites.length, unit: 'suites' });
    return { json: { machine, results }, text: benchReport(machine, results) };
  } finally {
    await engine.dispose();
  }
}
