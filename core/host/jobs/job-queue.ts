/**
 * The jobs of a project: one running, the others waiting in a person's order. Every change is stored at once, so that
 * a host that ends loses none of them. Not here: what a job does (work.ts), or who watches it.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ErgodicError } from '../../errors.ts';
import type { Channel, Job, Residual, TaskProgress, TrainingPoint } from '../contract.ts';
import { threadPortChannel } from '../transports/message-port.ts';
import { type QueuedJob, type ReadJobs, readJobs, type StoredJobs, writeJobs } from './job-file.ts';
import { JobThread } from './job-thread.ts';
import type { FromJob, Outcome, ToJob } from './messages.ts';

/** Jobs that are over and still in the list, at most. */
const MOST_OVER = 200;
/** Sentences that a job keeps. */
const MOST_NOTICES = 50;

export interface QueueOwner {
  /** Of the project. */
  readonly folder: string;
  /** Of the product. */
  readonly version: string;
  /** Something in the list is not as it was. */
  changed(): void;
  /** A run's folder may hold something new. */
  stored(): void;
  points(run: string, points: TrainingPoint[]): void;
  residual(run: string, residual: Residual): void;
  frames(stream: string, frames: readonly unknown[], seconds: number): void;
  began(job: string): void;
  /** It is no longer running. */
  ended(job: string): void;
  trouble(error: unknown): void;
  /** Of shells that have GPUs to lend: to the other end of the channel. */
  readonly lendGpu: ((to: Channel) => void) | undefined;
}

interface AtWork {
  readonly id: string;
  readonly thread: JobThread;
  /** It has ended, and the list says how. */
  readonly settled: Promise<void>;
  tasks: readonly TaskProgress[];
  /** What it becomes when it stops as it was told. */
  wanted: 'paused' | 'cancelled';
}

type NewJob = Pick<QueuedJob, 'kind' | 'title' | 'run' | 'order'>;

export class JobQueue implements AsyncDisposable {
  readonly #owner: QueueOwner;
  #jobs: QueuedJob[];
  #exported: StoredJobs['exported'];
  #atWork: AtWork | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isClosing = false;
  readonly #isBlocked: boolean;

  private constructor(owner: QueueOwner, { jobs, exported, isBlocked = false }: ReadJobs) {
    this.#owner = owner;
    this.#jobs = [...jobs];
    this.#exported = exported;
    this.#isBlocked = isBlocked;
  }

  static async open(owner: QueueOwner): Promise<JobQueue> {
    const stored = await readJobs(owner.folder);
    if (stored.notice !== undefined) owner.trouble(new ErgodicError(stored.notice));
    return new JobQueue(owner, stored);
  }

  get isAtWork(): boolean {
    return this.#atWork !== undefined;
  }

  list(): Job[] {
    return this.#jobs.map(({ order: _order, files: _files, engine: _engine, ...job }) => ({
      ...job,
      notices: [...job.notices],
      tasks: job.id === this.#atWork?.id ? [...this.#atWork.tasks] : [],
    }));
  }

  /** All exports of this project, by the job that made them. */
  get exported(): StoredJobs['exported'] {
    return this.#exported;
  }

  /** Runs that a job is or will be about, though their folder may not be there yet. */
  get runs(): ReadonlySet<string> {
    return new Set(this.#jobs.filter(({ state }) => !isOver(state)).map(({ run }) => run));
  }

  add(job: NewJob): QueuedJob {
    const added: QueuedJob = {
      ...job,
      id: `j${BigInt(`0x${randomBytes(10).toString('hex')}`).toString(36)}`,
      state: 'waiting',
      notices: [],
      created: new Date().toISOString(),
      files: [],
    };
    this.#jobs = [...withoutOldest(this.#jobs), added];
    this.#proceed();
    return added;
  }

  pause(id: string): void {
    const { state } = this.#found(id);
    if (state === 'waiting') this.#set(id, { state: 'paused' });
    else if (state === 'running') this.#stop('paused');
    else if (state !== 'paused' && state !== 'pausing')
      throw new ErgodicError('This job is over and cannot be paused.');
    this.#proceed();
  }

  /** After the running one, before the others. */
  resume(id: string, engine?: 'wasm'): void {
    const job = this.#found(id);
    const { state } = job;
    if (state === 'waiting' || state === 'running') return;
    if (state === 'pausing') throw new ErgodicError('This job is still pausing: resume it in a moment.');
    if (state !== 'paused' && state !== 'failed')
      throw new ErgodicError('This job is over: there is nothing to resume.');
    const { message: _, lacksDevice: __, ...rest } = job;
    const resumed: QueuedJob = { ...rest, state: 'waiting', ...(engine && { engine }) };
    const others = this.#jobs.filter((one) => one.id !== id);
    const first = others.findIndex((one) => one.state === 'waiting');
    const place = first === -1 ? others.length : first;
    this.#jobs = [...others.slice(0, place), resumed, ...others.slice(place)];
    this.#proceed();
  }

  cancel(id: string): void {
    const { state } = this.#found(id);
    if (state === 'waiting' || state === 'paused') this.#set(id, { state: 'cancelled' });
    else if (state === 'running' || state === 'pausing') this.#stop('cancelled');
    this.#proceed();
  }

  dismiss(id: string): void {
    if (!isOver(this.#found(id).state)) throw new ErgodicError('This job is not over yet: cancel it first.');
    this.#jobs = this.#jobs.filter((job) => job.id !== id);
    this.#proceed();
  }

  reorder(ids: readonly string[]): void {
    const waiting = this.#jobs.filter(({ state }) => state === 'waiting');
    const isSame = ids.length === waiting.length && waiting.every(({ id }) => ids.includes(id));
    if (!isSame) throw new ErgodicError('The queue has changed; reorder it again.');
    const next = ids.map((id) => this.#found(id));
    this.#jobs = this.#jobs.map((job) => (job.state === 'waiting' ? next.shift()! : job));
    this.#proceed();
  }

  /** Jobs about a run that is not there any more. */
  forget(run: string): void {
    this.#jobs = this.#jobs.filter((job) => job.run !== run || job.id === this.#atWork?.id);
    this.#proceed();
  }

  /** To the thread of a job; false where it is not at work. */
  tell(id: string, message: ToJob): boolean {
    if (this.#atWork?.id !== id) return false;
    this.#atWork.thread.tell(message);
    return true;
  }

  /** Stops what is at work at its next checkpoint; what waits will be paused when the project is opened again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await this.#atWork?.thread.stop();
    await this.#atWork?.settled;
    await this.#writing;
  }

  #found(id: string): QueuedJob {
    const job = this.#jobs.find((one) => one.id === id);
    if (job) return job;
    throw new ErgodicError('This job is not in the list any more.');
  }

  #set(id: string, change: Partial<QueuedJob>): void {
    this.#jobs = this.#jobs.map((job) => (job.id === id ? { ...job, ...change } : job));
  }

  #stop(wanted: AtWork['wanted']): void {
    const atWork = this.#atWork!;
    atWork.wanted = wanted;
    this.#set(atWork.id, { state: 'pausing' });
    void atWork.thread.stop();
  }

  /** After every change: what is next begins, and the list is stored and told. */
  #proceed(): void {
    const next = this.#jobs.find(({ state }) => state === 'waiting');
    if (next && !this.#atWork && !this.#isClosing) this.#begin(next);
    if (!this.#isBlocked) this.#store();
    this.#owner.changed();
  }

  #store(): void {
    const stored = { jobs: this.#jobs, exported: this.#exported };
    this.#writing = this.#writing
      .then(() => writeJobs(this.#owner.folder, stored))
      .catch((error) => this.#owner.trouble(error));
  }

  #begin({ id, run, order, engine }: QueuedJob): void {
    const { folder: project, version } = this.#owner;
    this.#set(id, { state: 'running' });
    const lendsGpus = this.#owner.lendGpu !== undefined;
    const start = { order, engine, folder: join(project, 'runs', run), project, version, lendsGpus };
    const thread = new JobThread(start, (message) => this.#hear(id, run, message));
    const settled = thread.ended.then((outcome) => this.#end(id, outcome));
    this.#atWork = { id, thread, settled, tasks: [], wanted: 'paused' };
    this.#owner.began(id);
  }

  #hear(id: string, run: string, message: FromJob): void {
    switch (message.kind) {
      case 'tasks': {
        const atWork = this.#atWork!;
        // A part is at its end when the next one begins.
        if (String(names(atWork.tasks)) !== String(names(message.tasks))) this.#owner.stored();
        atWork.tasks = message.tasks;
        this.#owner.changed();
        break;
      }
      case 'said':
        this.#set(id, { notices: withNotice(this.#found(id).notices, message.line) });
        this.#proceed();
        break;
      case 'stored':
        this.#owner.stored();
        break;
      case 'points':
        this.#owner.points(run, message.points);
        break;
      case 'residual':
        this.#owner.residual(run, message.residual);
        break;
      case 'gpu':
        this.#owner.lendGpu?.(threadPortChannel(message.port));
        break;
      case 'frames':
        this.#owner.frames(message.stream, message.frames, message.seconds);
    }
  }

  #end(id: string, outcome: Outcome): void {
    const { wanted } = this.#atWork!;
    this.#atWork = undefined;
    if (outcome.kind === 'done') {
      this.#set(id, { state: 'done', files: outcome.files });
      this.#exported = [...this.#exported, ...outcome.files.map((path) => ({ job: id, path }))];
    } else if (outcome.kind === 'stopped') {
      this.#set(id, {
        state: wanted,
        ...(this.#isClosing ? { message: 'It was stopped when Ergodic was closed; stored results are safe.' } : {}),
      });
    } else if (outcome.kind === 'failed') {
      const { sentence, lacksDevice } = outcome;
      this.#set(id, { state: 'failed', message: sentence, ...(lacksDevice && { lacksDevice }) });
    } else {
      const defect = Object.assign(new Error('A job broke down.'), { stack: outcome.stack });
      this.#owner.trouble(defect);
      this.#set(id, {
        state: 'failed',
        message: 'This is a bug in Ergodic, not your mistake; stored results are safe.',
      });
    }
    this.#owner.ended(id);
    this.#owner.stored();
    this.#proceed();
  }
}

const names = (tasks: readonly TaskProgress[]) => tasks.map(({ name }) => name);

const isOver = (state: Job['state']): boolean => state === 'done' || state === 'failed' || state === 'cancelled';

function withoutOldest(jobs: readonly QueuedJob[]): readonly QueuedJob[] {
  const over = jobs.filter(({ state }) => isOver(state));
  const gone = new Set(over.slice(0, Math.max(0, over.length - MOST_OVER)));
  return jobs.filter((job) => !gone.has(job));
}

/** What was said before it was interrupted is not said twice. */
const withNotice = (notices: readonly string[], line: string): string[] =>
  [...notices.filter((one) => one !== line), line].slice(-MOST_NOTICES);
