/**
 * `ergodic solvers RUN`: what each solver reaches for so many network calls, as figures/solvers.svg and solvers.json in
 * the run's folder.
 */
import { solverCurves } from '../../analysis/figures/solver-curves.ts';
import { ErgodicError } from '../../errors.ts';
import { reloadData } from '../../runs/data/load-data.ts';
import { withEngine } from '../../runs/engine-session.ts';
import { compareSolvers, type SolverPoint } from '../../runs/evaluation/compare-solvers.ts';
import { openTrained } from '../../runs/pipeline.ts';
import { RunFolder } from '../../runs/run-folder.ts';
import type { CommandContext, CommandResult } from '../context.ts';
import type { Arguments } from '../options.ts';
import { overridden } from '../run-commands.ts';

export async function run(args: Arguments<'solvers'>, context: CommandContext): Promise<CommandResult> {
  const calls = numbersIn(args.calls);
  const { record, specification: own, system, networks } = await openTrained(args.run, context);
  const specification = overridden(own, args);
  const { reference } = await reloadData(record, context);
  await using folder = await RunFolder.open(args.run);
  const found = await withEngine(specification, context, (engine) =>
    compareSolvers({ specification, system, networks }, reference, { count: args.count, calls }, engine, context),
  );
  const figure = solverCurves({ title: `${specification.name}: solvers`, ...found });
  await folder.writeFigure('solvers.svg', figure.svg);
  await folder.writeFigure('solvers.csv', figure.csv);
  await folder.write('solvers.json', `${JSON.stringify(found, null, 2)}\n`);
  const rows = [
    ...found.points,
    { solver: 'floor', steps: Number.NaN, calls: Number.NaN, ratio: null, ...found.floor },
  ].map(line);
  return {
    json: found,
    text: [HEADER, ...rows, '', `Figure: ${args.run}/figures/solvers.svg`].join('\n'),
  };
}

const HEADER = 'solver    steps  calls  free-energy error  × floor  JS       bonds, pm';

function line({ solver, steps, calls, pmf, ratio, js, bonds }: Omit<SolverPoint, 'lost' | 'ratioError'>): string {
  const whole = (value: number) => (Number.isNaN(value) ? '' : String(value));
  const numbers = [
    pmf.toFixed(4).padEnd(17),
    (ratio?.toFixed(2) ?? '').padEnd(7),
    js.toFixed(4).padEnd(7),
    bonds === undefined ? '' : (1e3 * bonds).toFixed(2),
  ];
  return `${solver.padEnd(8)}  ${whole(steps).padStart(5)}  ${whole(calls).padStart(5)}  ${numbers.join('  ')}`.trimEnd();
}

function numbersIn(text: string): number[] {
  const numbers = text.split(',').map((word) => (/^\d+$/.test(word.trim()) ? Number(word) : Number.NaN));
  if (numbers.every((value) => value >= 1 && value <= 1_000_000)) return [...new Set(numbers)].sort((a, b) => a - b);
  throw new ErgodicError(`\`--calls\` is ${text}; it must be whole numbers from 1 to 1000000, separated by commas.`, {
    usage: true,
  });
}
