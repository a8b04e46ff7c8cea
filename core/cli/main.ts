/**
 * The entry of `ergodic`: finds the command, checks its arguments, runs it, and turns the outcome into output
 * and an exit code (0 done, 1 failed or stopped, 2 called incorrectly).
 *
 *   options.ts   every command and option, declared once        parse.ts     words → checked arguments
 *   commands.ts  which commands exist                            help.ts      tables → help texts
 *   commands/    one file per command, `run(args, context)`      progress.ts  progress on standard error
 */
import { ErgodicError, firstFailure } from '../errors.ts';
import { suggest } from '../nearest-word.ts';
import { type Command, commands } from './commands.ts';
import type { CommandContext } from './context.ts';
import { commandHelp, overview } from './help.ts';
import { leave } from './leave.ts';
import { type ArgumentValues, parseArguments } from './parse.ts';
import { ProgressDisplay } from './progress.ts';
import { version } from './version.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_INTERRUPTED = 130;

const display = new ProgressDisplay(process.stderr);

async function main(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  const asJson = beforeDashes(words).includes('--json');
  try {
    if (name === undefined) {
      display.say(overview(commands));
      return EXIT_USAGE;
    }
    if (name === '--help' || name === '-h') return print(overview(commands));
    if (name === '--version') return print(`${version}\n`);
    const command = commandCalled(name);
    if (beforeDashes(rest).some((word) => word === '--help' || word === '-h')) return print(commandHelp(name, command));
    return await execute(command, parseArguments(name, command, rest), asJson);
  } catch (error) {
    return fail(error, asJson);
  }
}

const beforeDashes = (words: readonly string[]) => words.slice(0, [...words, '--'].indexOf('--'));

function commandCalled(name: string): Command {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command;
  throw new ErgodicError(`\`${name}\` is not a command; ${suggest(name, Object.keys(commands))}`, { usage: true });
}

async function execute(command: Command, values: ArgumentValues, asJson: boolean): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => {
    if (stop.signal.aborted) leave(EXIT_INTERRUPTED);
    display.say('Stopping at the next safe place; Ctrl-C again stops at once.');
    stop.abort(new ErgodicError('Stopped before the end, as asked.'));
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const context: CommandContext = {
    signal: stop.signal,
    task: (name) => display.task(name, stop.signal),
    say: (line) => display.say(line),
  };
  try {
    const { json, text, failed, afterwards } = await command.run(values, context);
    display.clear();
    print(asJson ? `${JSON.stringify(json)}\n` : text.endsWith('\n') ? text : `${text}\n`);
    await afterwards?.();
    return failed ? EXIT_FAILED : 0;
  } finally {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}

function fail(thrown: unknown, asJson: boolean): number {
  const error = firstFailure(thrown);
  const known = error instanceof ErgodicError;
  const message = error instanceof Error ? error.message : String(error);
  const sentence = known ? message : `This is a defect of Ergodic, not of your input: ${message}`;
  display.say(sentence);
  if (process.env.ERGODIC_STACK && error instanceof Error) display.say(error.stack ?? '');
  if (asJson) print(`${JSON.stringify({ error: sentence })}\n`);
  return known && error.usage ? EXIT_USAGE : EXIT_FAILED;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

// Libraries that talk (TensorFlow.js does) must not mix their words with the one JSON object.
Object.assign(console, { log: console.error, info: console.error, debug: console.error });
// `ergodic … | head` closes our output early; that is no failure of ours.
process.stdout.on('error', () => process.exit(0));
process.stderr.on('error', () => undefined);

const exitCode = await main(process.argv.slice(2));
process.stdout.write('', () => leave(exitCode));
