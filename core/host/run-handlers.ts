/** Answers about the runs of the open project. */
import type { WindowHandlers } from './connection.ts';
import type { Host } from './host.ts';

type Name = 'runs.list' | 'jobs.list';

export function runHandlers(host: Host): WindowHandlers<Name> {
  return {
    'runs.list': async () => ({ runs: await host.openSession.runs() }),
    'jobs.list': async () => ({ jobs: [] }),
  };
}
