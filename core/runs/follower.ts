/** What receives progress, notices and, where it watches, the work itself. */
import type { Reporter } from '../task.ts';
import type { Spectator } from './spectator.ts';

export interface Follower extends Reporter {
  readonly spectator?: Spectator | undefined;
}
