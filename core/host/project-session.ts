/**
 * All that lives as long as a project is open: the project's settings, its runs, its jobs and who looks at them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import type { Channel, EventBody, EventName, RunSummary } from './contract.ts';
import type { Grants } from './grants.ts';
import { JobQueue } from './jobs/job-queue.ts';
import { Paced } from './paced.ts';
import type { OpenProject } from './project.ts';
import { openProject } from './projects.ts';
import { summariesIn } from './run-summaries.ts';
import { Streams } from './watching/streams.ts';

/** ms: not more often than five times a second. */
const BETWEEN = 200;

export interface SessionOwner {
  readonly options: { readonly version: string };
  readonly grants: Grants;
  tell<N extends EventName>(name: N, body: EventBody<N>): void;
  trouble(error: unknown): void;
  readonly lendGpu: ((to: Channel) => void) | undefined;
}

export class ProjectSession implements AsyncDisposable {
  readonly project: OpenProject;
  readonly streams: Streams;
  readonly #owner: SessionOwner;
  readonly #jobsChanged = new Paced(BETWEEN, () => this.#owner.tell('jobs.changed', { jobs: this.jobs.list() }));
  readonly #runsChanged = new Paced(BETWEEN, () => void this.#tellRuns().catch((error) => this.#owner.trouble(error)));
  #jobs: JobQueue | undefined;
  #toldRuns = '';

  private constructor(project: OpenProject, owner: SessionOwner) {
    this.project = project;
    this.#owner = owner;
    this.streams = new Streams((job, message) => this.jobs.tell(job, message));
  }

  static async open(path: string, owner: SessionOwner): Promise<ProjectSession> {
    const { grants, trouble } = owner;
    const project = await openProject(path, grants, trouble);
    try {
      const session = new ProjectSession(project, owner);
      await session.#start();
      return session;
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
  }

  get jobs(): JobQueue {
    return this.#jobs!;
  }

  /** Without a folder that a job has only just made: it is a run as soon as its record is in it. */
  async runs(): Promise<RunSummary[]> {
    const { runsFolder } = this.project;
    const atWork = new Set(this.jobs.list().flatMap(({ state, run }) => (state === 'running' && run ? [run] : [])));
    const runs = await summariesIn(runsFolder);
    const isBegun = (run: string) => existsSync(join(runsFolder, run, 'run.json'));
    return runs.filter(({ id, problem }) => problem === undefined || !atWork.has(id) || isBegun(id));
  }

  /** Throws a sentence where there is none of that name. */
  runFolder(run: string): string {
    const folder = join(this.project.runsFolder, run);
    if (existsSync(folder)) return folder;
    throw new ErgodicError(`This project has no run \`${run}\`: it may have been removed.`);
  }

  /** Throws a sentence where a job is at work on a run. */
  checkIdle(run: string): void {
    const atWork = this.jobs.list().find((job) => job.run === run && ['running', 'pausing'].includes(job.state));
    if (atWork)
      throw new ErgodicError(`\`${atWork.title}\` is using this run: pause it first, or wait until it is done.`);
  }

  /** Those that keep a list of runs should reload it. */
  runsChanged(): void {
    this.#runsChanged.ask();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#jobs?.[Symbol.asyncDispose]();
    } finally {
      this.#jobsChanged.stop();
      this.#runsChanged.stop();
      await this.project[Symbol.asyncDispose]();
    }
  }

  async #start(): Promise<void> {
    const owner = this.#owner;
    this.#jobs = await JobQueue.open({
      folder: this.project.folder,
      version: owner.options.version,
      changed: () => this.#jobsChanged.ask(),
      stored: () => this.#runsChanged.ask(),
      points: (run, points) => owner.tell('training.points', { run, points }),
      residual: (run, residual) => owner.tell('training.residual', { run, residual }),
      frames: (stream, frames, seconds) => this.streams.frames(stream, frames, seconds),
      began: (job) => this.streams.began(job),
      ended: (job) => this.streams.ended(job),
      trouble: (error) => owner.trouble(error),
      lendGpu: owner.lendGpu,
    });
  }

  async #tellRuns(): Promise<void> {
    const runs = await this.runs();
    const text = JSON.stringify(runs);
    if (text === this.#toldRuns) return;
    this.#toldRuns = text;
    this.#owner.tell('runs.changed', { runs });
  }
}
