/** Where a run stands, in a word and a tone: a function of what the host says of the run and of the queue. */
import type { Job, RunSummary } from '../../../core/host/contract.ts';
import { isOver } from '../../state/jobs-store.svelte.ts';

export interface RunState {
  readonly words: string;
  readonly tone: 'plain' | 'working' | 'good' | 'warning' | 'danger';
}

const working: Record<Job['kind'], string> = {
  run: 'running',
  train: 'training',
  sample: 'sampling',
  simulate: 'simulating',
  evaluate: 'comparing',
  export: 'exporting',
};
const stopped: Partial<Record<Job['kind'], string>> = {
  run: 'interrupted',
  train: 'interrupted',
  sample: 'samples interrupted',
  simulate: 'simulation interrupted',
};

export function runState(run: RunSummary, jobs: readonly Job[]): RunState {
  if (run.problem !== undefined) return { words: 'cannot be read', tone: 'danger' };
  const own = jobs.filter((job) => job.run === run.id && job.kind !== 'export');
  const open = own.findLast((job) => !isOver(job));
  switch (open?.state) {
    case 'running':
      return { words: working[open.kind], tone: 'working' };
    case 'pausing':
      return { words: 'pausing', tone: 'working' };
    case 'paused':
      return { words: 'paused', tone: 'warning' };
    case 'waiting':
      return { words: 'waits', tone: 'plain' };
  }
  if (own.at(-1)?.state === 'failed') return { words: 'failed', tone: 'danger' };
  if (run.interrupted !== undefined) return { words: stopped[run.interrupted] ?? 'interrupted', tone: 'warning' };
  return run.finished ? { words: 'done', tone: 'good' } : { words: 'not finished', tone: 'plain' };
}
