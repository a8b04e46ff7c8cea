/**
 * How many samples of a run were drawn per second, from what its record says: wall time of all its sampling, compilation
 * included. Never in metrics, which are the same every time.
 */
import type { RunRecord } from '../run-folder.ts';

/** Undefined before there are samples. */
export function samplesPerSecond({
  specification: { sample },
  seconds,
}: Pick<RunRecord, 'specification' | 'seconds'>): number | undefined {
  return seconds.sample ? sample.count / seconds.sample : undefined;
}
