/** Who follows the work: a terminal, a window, a test. */
import type { Task } from '../task.ts';
import type { Spectator } from './spectator.ts';

export interface Follower {
  readonly signal: AbortSignal;
  task(name: string): Task;
  say(line: string): void;
  readonly spectator?: Spectator | undefined;
}
