/**
 * What a command is given besides its arguments, and what it gives back.
 * A command computes and returns; only main.ts writes to standard output.
 */
import type { Task } from '../task.ts';
import type { Arguments, CommandName } from './options.ts';

export interface CommandContext {
  /** Aborted by Ctrl-C; a command then stops at the next checkpoint and throws `signal.reason` or a sentence of its own. */
  readonly signal: AbortSignal;
  /** Long work to be followed on standard error. */
  task(name: string): Task;
  /** A line for the person at the terminal, on standard error. */
  say(line: string): void;
}

export interface CommandResult {
  /** Printed by `--json`. */
  readonly json: object;
  /** Printed otherwise. */
  readonly text: string;
  /** What the command stays for once its result has been printed: a server serves until it is stopped. */
  readonly afterwards?: () => Promise<void>;
  /** The exit code is 1 all the same: a part of what was asked for could not be done, and was said. */
  readonly failed?: boolean;
}

/** Each file in commands/ exports this. */
export interface CommandModule<Name extends CommandName> {
  run(args: Arguments<Name>, context: CommandContext): Promise<CommandResult>;
}
