/** Whether a run can be trained once more while a person watches, and about how long that takes. */
import type { Job, RunSummary } from '../../../core/host/contract.ts';
import { quantity } from '../../parts/format.ts';

/** Nobody watches for longer, s. */
const WATCHED = 300;

/** Of the training that the automatic method did, s; undefined where it is no matter of a few minutes. */
export const againIn = ({ automaticSeconds }: Pick<RunSummary, 'automaticSeconds'>): number | undefined =>
  automaticSeconds !== undefined && automaticSeconds < WATCHED ? automaticSeconds : undefined;

/** "75 s", "3 min": no more digits than another machine would keep to. */
export function aboutText(seconds: number): string {
  if (seconds >= 120) return quantity(Math.round(seconds / 60), 'min');
  return quantity(seconds < 10 ? Math.max(1, Math.round(seconds)) : 5 * Math.round(seconds / 5), 's');
}

/** Runs of the queue that have no folder yet: they wait, or their data are being read. */
export const comingRuns = (open: readonly Job[], runs: readonly RunSummary[]): Job[] =>
  open.filter(({ kind, run }) => (kind === 'run' || kind === 'train') && !runs.some(({ id }) => id === run));
