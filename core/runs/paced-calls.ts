/**
 * Long loops cut into calls of about a quarter of a second, so that progress is shown and a stop is obeyed soon.
 * Where a loop is cut changes no number (random numbers are named by step), so the clock may decide.
 */
import type { Task } from './task.ts';

const CALL_SECONDS = 0.25;

/**
 * Calls `work(from, count)` until `total` steps are done; `multiple` keeps counts on a stride, and no call crosses a
 * multiple of `stop`, where the caller has something to do.
 */
export async function pacedCalls(
  { from = 0, total, multiple = 1, stop = total }: { from?: number; total: number; multiple?: number; stop?: number },
  task: Task,
  work: (from: number, count: number) => Promise<void>,
): Promise<void> {
  let count = multiple;
  for (let done = from; done < total; ) {
    task.signal.throwIfAborted();
    const room = Math.min(total - done, stop - (done % stop));
    const steps = Math.min(count, room);
    const start = performance.now();
    await work(done, steps);
    const seconds = (performance.now() - start) / 1000;
    done += steps;
    const wanted = (steps * CALL_SECONDS) / Math.max(seconds, 1e-6);
    // At most fourfold at a time: the first calls are slow because code is still being compiled.
    count = Math.max(multiple, Math.floor(Math.min(wanted, 4 * count) / multiple) * multiple);
  }
}
