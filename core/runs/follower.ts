/** Who follows the work: a terminal, a window, a test. */
import type { Task } from './task.ts';

export interface Follower {
  readonly signal: AbortSignal;
  task(name: string): Task;
  say(line: string): void;
}
