/** Who follows the work on a run. */
import type { Reporter } from '../task.ts';
import type { Spectator } from './spectator.ts';

export interface Follower extends Reporter {
  readonly spectator?: Spectator | undefined;
}
