/**
 * How long one repetition of something takes: warm until it no longer gets faster, then the median of several calls.
 *
 * WebAssembly and JavaScript start in a quick compiler and are compiled again while they run, so that the first calls
 * say nothing. Repetitions happen inside a call, whose own cost is thereby spread thin. Not here: what is timed.
 */

export interface Patience {
  /** Wanted length of one call, seconds. */
  readonly call: number;
  /** Most calls that are timed; fewer where they are long. */
  readonly repeats: number;
  /** Seconds after which warming ends, and that the timed calls take together; three are timed whatever they take. */
  readonly budget: number;
}

export const patient: Patience = { call: 0.2, repeats: 9, budget: 3 };
/** For what is over in microseconds: calls so short that many of them have a core to themselves. */
export const brief: Patience = { call: 0.004, repeats: 101, budget: 0.6 };

/** Makes everything ready for so many repetitions and returns the call that performs them. */
export type Prepare = (repetitions: number) => () => unknown;

const LEAST_REPEATS = 3;
/** A call is faster than those before it only beyond this factor. */
const FASTER = 0.97;

/** Seconds for one repetition. `least` is what a limit is about: other work on the machine can only add to it. */
export interface Seconds {
  readonly median: number;
  readonly least: number;
}

export async function secondsEach(prepare: Prepare, patience: Patience, signal: AbortSignal): Promise<Seconds> {
  const timed = async (call: () => unknown) => {
    signal.throwIfAborted();
    const start = performance.now();
    await call();
    return (performance.now() - start) / 1000;
  };
  let repetitions = 1;
  let call = prepare(repetitions);
  let least = Number.POSITIVE_INFINITY;
  let length = 0;
  for (let settled = 0, spent = 0; settled < 3 && spent < patience.budget; ) {
    length = await timed(call);
    spent += length;
    const each = length / repetitions;
    settled = each < FASTER * least ? 0 : settled + 1;
    least = Math.min(least, each);
    if (length < 0.7 * patience.call) {
      settled = 0;
      repetitions = Math.ceil(repetitions * Math.min(4, patience.call / Math.max(length, 1e-6)));
      call = prepare(repetitions);
    }
  }
  const repeats = Math.min(patience.repeats, Math.max(LEAST_REPEATS, Math.floor(patience.budget / length)));
  const lengths: number[] = [];
  while (lengths.length < repeats) lengths.push(await timed(call));
  return { median: median(lengths) / repetitions, least: Math.min(...lengths) / repetitions };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : 0.5 * (sorted[middle - 1]! + sorted[middle]!);
}
