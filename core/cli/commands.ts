/**
 * The commands that exist: a line here, a declaration in options.ts and a file in commands/.
 * Files are loaded when their command is called, so that `--help` is quick.
 */
import type { CommandContext, CommandModule, CommandResult } from './context.ts';
import { type Arguments, type CommandDeclaration, type CommandName, declarations } from './options.ts';
import type { ArgumentValues } from './parse.ts';

export interface Command extends CommandDeclaration {
  run(values: ArgumentValues, context: CommandContext): Promise<CommandResult>;
}

export const commands: Readonly<Record<string, Command>> = Object.fromEntries([
  command('info', () => import('./commands/info.ts')),
  command('gradcheck', () => import('./commands/gradcheck.ts')),
  command('bench', () => import('./commands/bench.ts')),
  command('inspect', () => import('./commands/inspect.ts')),
  command('convert', () => import('./commands/convert.ts')),
  command('run', () => import('./commands/run.ts')),
  command('train', () => import('./commands/train.ts')),
  command('fine-tune', () => import('./commands/fine-tune.ts')),
  command('sample', () => import('./commands/sample.ts')),
  command('simulate', () => import('./commands/simulate.ts')),
  command('evaluate', () => import('./commands/evaluate.ts')),
  command('profile', () => import('./commands/profile.ts')),
  command('experts', () => import('./commands/experts.ts')),
  command('residual', () => import('./commands/residual.ts')),
  command('solvers', () => import('./commands/solvers.ts')),
  command('resume', () => import('./commands/resume.ts')),
  command('serve', () => import('./commands/serve.ts')),
]);

function command<Name extends CommandName>(name: Name, load: () => Promise<CommandModule<Name>>): [string, Command] {
  const run: Command['run'] = async (values, context) => {
    const { run } = await load();
    // parse.ts made the values from the very declaration that the type is derived from.
    return run(values as Arguments<Name>, context);
  };
  return [name, { ...declarations[name], run }];
}
