/** The simulation that is watched, or was last: what it has shown outlives the stage, so that a person can come and go. */
import type { Workspace } from '../../state/workspace.svelte.ts';
import { LiveSimulation } from './live-simulation.svelte.ts';

interface Watched {
  readonly run: string;
  readonly live: LiveSimulation;
}
const watched = new WeakMap<Workspace, Watched>();

export function liveSimulationOf(workspace: Workspace, run: string, job: string): LiveSimulation {
  const before = watched.get(workspace);
  if (before?.live.job === job) return before.live;
  const live = new LiveSimulation(job);
  watched.set(workspace, { run, live });
  return live;
}

/** What was seen of a job that is over. */
export function lastLiveOf(workspace: Workspace, run: string, job: string): LiveSimulation | undefined {
  const last = watched.get(workspace);
  return last?.run === run && last.live.job === job && last.live.frames > 0 ? last.live : undefined;
}
