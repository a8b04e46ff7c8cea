/**
 * Long loops cut into calls of about a quarter of a second, so that progress is shown and a stop is obeyed soon.
 * Where a loop is cut changes no number (random numbers are named by step), so the clock may decide.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Task } from '../task.ts';

export const TARGET_CALL_SECONDS = 0.25;
/** Steps of the first call at most, before it is known how long one takes. */
const FIRST = 8;

export interface Loop {
  /** Steps done before. */
  readonly from?: number;
  readonly total: number;
  /** A call is a number of whole strides, or lies within one. */
  readonly stride?: number;
  /** No call crosses a multiple of this: the caller has something to do there. */
  readonly stop?: number;
  /** Seconds that a call is to take; asked before each. */
  readonly callSeconds?: () => number;
  /** Seconds, from any origin. */
  readonly now?: () => number;
}

/** Calls `work(from, count)` until `total` steps are done. */
export async function pacedCalls(
  {
    from = 0,
    total,
    stride = 1,
    stop = total,
    callSeconds = () => TARGET_CALL_SECONDS,
    now = () => performance.now() / 1000,
  }: Loop,
  task: Pick<Task, 'signal'>,
  work: (from: number, count: number) => Promise<void>,
): Promise<void> {
  let wanted = Math.min(stride, FIRST);
  for (let done = from; done < total; ) {
    // Ctrl-C is heard between turns of the event loop, and an engine without threads leaves none.
    await turn();
    task.signal.throwIfAborted();
    const room = Math.min(total - done, stop - (done % stop));
    const count = callLength(done, Math.min(wanted, room), stride);
    const start = now();
    await work(done, count);
    const seconds = now() - start;
    done += count;
    // At most fourfold at a time: the first calls are slow because code is still being compiled.
    const most = Math.max(wanted, 4 * count);
    wanted = Math.max(1, Math.floor(Math.min((count * callSeconds()) / Math.max(seconds, 1e-6), most)));
  }
}

/** At most `most` steps from `done` on: whole strides where they fit, else no further than the end of this one. */
function callLength(done: number, most: number, stride: number): number {
  const within = done % stride;
  if (within > 0) return Math.min(most, stride - within);
  return most < stride ? most : most - (most % stride);
}
