/** How far each stage is, for the rail: a function of what the window knows. */
import type { Job, JobKind, RunSummary } from '../../core/host/contract.ts';
import { isAutomatic, isGenerator } from '../state/draft-method.ts';
import type { StageName, Workspace } from '../state/workspace.svelte.ts';

/** `empty`: nothing there yet; `impossible`: there never will be. */
export type Mark = 'empty' | 'impossible' | 'ready' | 'working' | 'trouble';

export const markWords: Record<Mark, string> = {
  empty: 'nothing yet',
  impossible: 'not possible with this model',
  ready: 'ready',
  working: 'working',
  trouble: 'needs attention',
};

/** Jobs whose work a stage shows. */
const shownJobs: Partial<Record<StageName, readonly JobKind[]>> = {
  train: ['train', 'run'],
  sample: ['sample'],
  simulate: ['simulate'],
  compare: ['evaluate', 'export'],
};

export function markOf(stage: StageName, { project, jobs, runs, files }: Workspace): Mark {
  if (!project) return 'empty';
  const work = jobs.open.filter(({ kind }) => shownJobs[stage]?.includes(kind));
  if (work.some(({ state }) => state === 'running' || state === 'pausing')) return 'working';
  switch (stage) {
    case 'data':
      if (files.busy) return 'working';
      if (files.questions.length > 0 || project.faultsUnder(['system']).length > 0) return 'trouble';
      return project.get(['system']) === undefined ? 'empty' : 'ready';
    case 'experts':
      if (project.faultsUnder(['experts']).length + project.faultsUnder(['generator']).length > 0) return 'trouble';
      if (isAutomatic(project.draft) || isGenerator(project.draft)) return 'ready';
      return project.get(['experts']) === undefined ? 'empty' : 'ready';
    case 'train':
      return ofRun(runs.current, 'model', jobs.all);
    case 'sample':
      return ofRun(runs.current, 'samples', jobs.all);
    case 'simulate':
      if (runs.current && !runs.current.problem && !runs.current.can.simulate) return 'impossible';
      return ofRun(runs.current, 'simulation', jobs.all);
    case 'compare':
      return ofRun(runs.current, 'metrics', jobs.all);
  }
}

function ofRun(run: RunSummary | undefined, part: keyof RunSummary['has'], jobs: readonly Job[]): Mark {
  if (!run) return 'empty';
  if (part === 'model' && jobs.findLast((job) => job.run === run.id)?.state === 'failed') return 'trouble';
  return run.has[part] ? 'ready' : 'empty';
}
