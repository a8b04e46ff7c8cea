/** Answers about jobs, what they export, and streams from them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { systemOf } from '../runs/data/run-system.ts';
import { runFolderName } from '../runs/new-run.ts';
import { interruptedSettings, withSettings } from '../runs/regenerate.ts';
import { readRunRecord } from '../runs/run-folder.ts';
import type { Specification } from '../specification/settings.ts';
import { validateSpecification } from '../specification/specification.ts';
import type { WindowContext, WindowHandlers } from './connection.ts';
import type { CheckedBody, Job, Structure } from './contract.ts';
import type { CheckedExport } from './exporting/checked-export.ts';
import type { HostServices } from './host-services.ts';
import type { QueuedJob } from './jobs/job-file.ts';
import type { ProjectSession } from './project-session.ts';
import type { Reader } from './reader.ts';
import { axesOf } from './reading/results/distribution.ts';
import { summaryOf } from './run-summaries.ts';
import { leftToAutomatic } from './train-again.ts';

type Name =
  | 'jobs.list'
  | 'jobs.add'
  | 'jobs.pause'
  | 'jobs.resume'
  | 'jobs.cancel'
  | 'jobs.dismiss'
  | 'jobs.reorder'
  | 'exports.list'
  | 'stream.open'
  | 'stream.close';

type NewJob = CheckedBody<'jobs.add'>;

export function jobHandlers(host: HostServices, reader: Reader): WindowHandlers<Name> {
  const jobs = () => host.openSession.jobs;
  return {
    'jobs.list': async () => ({ jobs: jobs().list() }),
    'jobs.add': async (asked, context) => {
      const { id, run } = await added(asked, context, host.openSession);
      return { job: id, run };
    },
    'jobs.pause': async ({ job }) => done(() => jobs().pause(job)),
    'jobs.resume': async ({ job, engine }) => done(() => jobs().resume(job, engine)),
    'jobs.cancel': async ({ job }) => done(() => jobs().cancel(job)),
    'jobs.dismiss': async ({ job }) => done(() => jobs().dismiss(job)),
    'jobs.reorder': async ({ jobs: order }) => done(() => jobs().reorder(order)),
    'exports.list': async () => {
      const entries = jobs().exported.map(async ({ job, path }) => {
        const { missing, ...entry } = await host.grants.entryIfAny(path);
        return missing ? [] : [{ ...entry, job }];
      });
      return { files: (await Promise.all(entries)).flat() };
    },
    'stream.open': async (asked, context) => {
      const session = host.openSession;
      const job = session.jobs.list().find(({ id }) => id === asked.job);
      checkShows(job, asked.kind);
      const folder = join(session.project.runsFolder, job.run!);
      if (!existsSync(folder)) {
        throw new ErgodicError(`\`${job.title}\` has not started yet: look again once it is running.`);
      }
      const record = await readRunRecord(folder);
      const isMolecule = record.specification.system.kind === 'molecule';
      const structure = isMolecule ? await beadsOf(folder, reader, context.signal) : null;
      const replica = asked.kind === 'simulation' ? asked.replica : 0;
      // The job may have ended meanwhile, and then nobody would end the stream.
      checkShows(
        session.jobs.list().find(({ id }) => id === asked.job),
        asked.kind,
      );
      const stream = session.streams.open(context.window, { job: asked.job, of: asked.kind, replica });
      return { stream, structure, axes: axesOf(systemOf(record)) };
    },
    'stream.close': async ({ stream }, { window }) => done(() => host.openSession.streams.close(window, stream)),
  };
}

function done(work: () => void): Record<string, never> {
  work();
  return {};
}

type Added = Pick<QueuedJob, 'id' | 'run'>;

async function added(asked: NewJob, context: WindowContext, session: ProjectSession): Promise<Added> {
  const { jobs } = session;
  switch (asked.kind) {
    case 'run':
    case 'train': {
      const specification = validateSpecification(context.withPaths(asked.draft), 'The settings');
      return newRun(asked.kind, specification, session);
    }
    case 'again': {
      const record = await readRunRecord(session.runFolder(asked.run));
      return newRun(record.command === 'run' ? 'run' : 'train', leftToAutomatic(record), session);
    }
    case 'sample':
    case 'simulate': {
      const { name, specification } = await trained(session, asked.run);
      withSettings(specification, asked.kind, asked.settings);
      const title = asked.kind === 'sample' ? `Samples of ${name}` : `Simulation of ${name}`;
      return jobs.add({
        kind: asked.kind,
        title,
        run: asked.run,
        order: { kind: asked.kind, settings: asked.settings },
      });
    }
    case 'evaluate': {
      const { name } = await trained(session, asked.run);
      return jobs.add({
        kind: 'evaluate',
        title: `Comparison of ${name}`,
        run: asked.run,
        order: { kind: 'evaluate' },
      });
    }
    case 'export': {
      const { run } = asked.export;
      const { name } = await summaryOf(session.runFolder(run), run);
      const into =
        asked.target === undefined ? join(session.project.folder, 'exports', run) : context.pathOf(asked.target);
      const title = `${titleOf(asked.export)} of ${name}`;
      return jobs.add({ kind: 'export', title, run, order: { kind: 'export', what: asked.export, into } });
    }
    case 'resume':
      return resumed(asked.run, session);
  }
}

async function newRun(kind: 'run' | 'train', specification: Specification, session: ProjectSession): Promise<Added> {
  const { jobs } = session;
  const run = freeName(runFolderName(specification), new Set([...jobs.runs, ...(await namesIn(session))]));
  return jobs.add({ kind, title: specification.name, run, order: { kind, specification } });
}

/** What was interrupted in a run goes on: the job that did it, or, where that is gone, a new one. */
async function resumed(run: string, session: ProjectSession): Promise<Added> {
  const { jobs } = session;
  const own = jobs.list().findLast((job) => job.run === run && ['paused', 'failed'].includes(job.state));
  if (own) {
    jobs.resume(own.id);
    return { id: own.id, run };
  }
  const summary = await summaryOf(session.runFolder(run), run);
  const { interrupted, name } = summary;
  if (summary.problem !== undefined) throw new ErgodicError(summary.problem);
  if (interrupted === 'run' || interrupted === 'train') {
    return jobs.add({ kind: interrupted, title: name, run, order: { kind: interrupted } });
  }
  if (interrupted === 'sample' || interrupted === 'simulate') {
    const title = interrupted === 'sample' ? `Samples of ${name}` : `Simulation of ${name}`;
    const settings = { ...(await interruptedSettings(session.runFolder(run), interrupted)) };
    return jobs.add({ kind: interrupted, title, run, order: { kind: interrupted, settings } });
  }
  throw new ErgodicError(`Nothing was interrupted in \`${name}\`: it is complete.`);
}

async function trained(session: ProjectSession, run: string) {
  const folder = session.runFolder(run);
  const { has, name } = await summaryOf(folder, run);
  const { specification } = await readRunRecord(folder);
  if (has.model) return { name, specification };
  throw new ErgodicError(`\`${name}\` has no trained model yet: resume its training first.`);
}

const titleOf = (what: CheckedExport): string => {
  switch (what.what) {
    case 'trajectory':
      return `${what.set === 'reference' ? 'Data' : what.set === 'samples' ? 'Samples' : 'Simulation'} (${what.format.toUpperCase()})`;
    case 'structures':
      return what.frames.length === 1 ? 'One structure' : `${what.frames.length} structures`;
    case 'figures':
      return 'Figures';
    case 'report':
      return 'Report';
    case 'record':
      return 'Record';
  }
};

const namesIn = async (session: ProjectSession): Promise<string[]> => (await session.runs()).map(({ id }) => id);

function freeName(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}-${number}`;
    if (!taken.has(free)) return free;
  }
}

const shows = { simulation: ['run', 'simulate'], samples: ['run', 'sample'] } as const;

function checkShows(job: Job | undefined, kind: keyof typeof shows): asserts job is Job {
  if (!job) throw new ErgodicError('This job is not in the list any more.');
  if (!(shows[kind] as readonly string[]).includes(job.kind)) {
    throw new ErgodicError(`\`${job.title}\` makes no ${kind === 'samples' ? 'samples' : 'simulation'} to look at.`);
  }
  if (job.state === 'running' || job.state === 'waiting') return;
  throw new ErgodicError(`\`${job.title}\` is not running: resume it to watch it.`);
}

/** Where the first sample is, or the first frame of the data; without either, nowhere in particular. */
async function beadsOf(folder: string, reader: Reader, signal: AbortSignal): Promise<Structure> {
  try {
    return (await reader.ask('structures.open', { folder, set: 'samples' }, signal)).structure;
  } catch (error) {
    if (!(error instanceof ErgodicError)) throw error;
    return (await reader.ask('structures.open', { folder, set: 'reference' }, signal)).structure;
  }
}
