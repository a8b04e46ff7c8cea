/**
 * `ergodic gradcheck`: the release gate, on every available engine: all primitives, layers and both networks against
 * the oracle and against finite differences. Fails where an engine exceeds its tolerance.
 */
import { remembered } from '../../engines/gradcheck/remembered.ts';
import { GRADCHECK_WIDTHS, type GradcheckCase, gradcheck, gradcheckTolerance } from '../../engines/gradcheck.ts';
import { referenceEngine } from '../../engines/reference/reference.ts';
import { describeEngine, engineNames, loadEngine } from '../../engines/registry.ts';
import { ErgodicError } from '../../errors.ts';
import { networkSubjects } from '../../models/gradcheck-subjects.ts';
import { threadsOf } from '../../runs/engine-session.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';

export async function run(args: Arguments<'gradcheck'>, context: CommandContext): Promise<CommandResult> {
  const options = { threads: threadsOf(args), software: true };
  const names = args.engine === 'auto' ? engineNames : [args.engine];
  const described = await Promise.all(names.map((name) => describeEngine(name, options)));
  const wanted = described.filter(({ available }) => available);
  const missing = described.filter(({ available }) => !available);
  if (args.engine !== 'auto' && missing[0]) {
    throw new ErgodicError(`The engine '${missing[0].name}' is not available: ${missing[0].reason}`);
  }
  const reference = remembered(referenceEngine());
  const cases: GradcheckCase[] = [];
  const failures: string[] = [];
  // A person who reads that all is well also reads of what.
  const lines = missing.map(({ name, reason }) => `${name}: not checked. ${reason}`);
  for (const { name, device, precision } of wanted) {
    const engine = await loadEngine(name, options);
    const task = context.task(`checking ${name}`);
    reference.again();
    try {
      const found = await gradcheck(engine, reference, {
        subjects: networkSubjects,
        onProgress: ({ done, total, what, width }) => {
          task.signal.throwIfAborted();
          task.report({ done, total, unit: 'checks', note: `${what}, width ${width}` });
        },
      });
      cases.push(...found.cases);
      const allowed = gradcheckTolerance(precision);
      failures.push(
        ...found.cases
          .filter(({ relativeError }) => !(relativeError <= allowed))
          .map(
            ({ what, width, relativeError }) => `${name}: ${what}, width ${width}: ${relativeError.toExponential(1)}`,
          ),
      );
      lines.push(
        `${name} (${device}): ${found.cases.length} cases, largest relative error ${found.maxRelativeError.toExponential(1)}, allowed ${allowed.toExponential(1)}`,
      );
    } finally {
      await engine.dispose();
    }
  }
  if (failures.length > 0) {
    throw new ErgodicError(
      `${failures.length} of ${cases.length} derivative checks failed, among them ${failures.slice(0, 3).join('; ')}.`,
    );
  }
  const maxRelativeError = cases.reduce((worst, { relativeError }) => Math.max(worst, relativeError), 0);
  return { json: { maxRelativeError, widths: GRADCHECK_WIDTHS, cases }, text: lines.join('\n') };
}
