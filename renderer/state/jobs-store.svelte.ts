/** The queue of work as the host tells it, and what a person can do to it. */
import type { Job, JobKind, RequestBody } from '../../core/host/contract.ts';
import type { Client } from '../client/client.ts';

const over: readonly Job['state'][] = ['done', 'failed', 'cancelled'];
export const isOver = (job: Job): boolean => over.includes(job.state);
export const isAtWork = (job: Job): boolean => job.state === 'running' || job.state === 'pausing';

export class JobsStore {
  readonly #client: Client;
  readonly #trouble: (error: unknown) => void;
  #jobs = $state.raw<readonly Job[]>([]);

  constructor(client: Client, trouble: (error: unknown) => void) {
    this.#client = client;
    this.#trouble = trouble;
  }

  /** In the order of the queue. */
  get all(): readonly Job[] {
    return this.#jobs;
  }
  get open(): readonly Job[] {
    return this.#jobs.filter((job) => !isOver(job));
  }
  get atWork(): Job | undefined {
    return this.#jobs.find(isAtWork);
  }

  /** The newest of a run that is not over, of these kinds. */
  of(run: string | undefined, ...kinds: JobKind[]): Job | undefined {
    return this.#jobs.findLast((job) => job.run === run && !isOver(job) && (!kinds.length || kinds.includes(job.kind)));
  }

  adopt(jobs: readonly Job[]): void {
    this.#jobs = jobs;
  }

  /** The job and its run; undefined where it was refused, which has been said. */
  async add(job: RequestBody<'jobs.add'>): Promise<{ job: string; run?: string | undefined } | undefined> {
    try {
      return await this.#client.request('jobs.add', job);
    } catch (error) {
      this.#trouble(error);
      return undefined;
    }
  }

  pause = (job: string): void => this.#do('jobs.pause', job);
  resume = (job: string): void => this.#do('jobs.resume', job);
  /** On the CPU, whatever it began on. */
  resumeOnCpu = (job: string): void => {
    this.#client.request('jobs.resume', { job, engine: 'wasm' }).catch(this.#trouble);
  };
  cancel = (job: string): void => this.#do('jobs.cancel', job);
  dismiss = (job: string): void => this.#do('jobs.dismiss', job);

  /** One place up (−1) or down (+1) among those that wait. */
  move(job: string, by: -1 | 1): void {
    const waiting = this.#jobs.filter(({ state }) => state === 'waiting').map(({ id }) => id);
    const from = waiting.indexOf(job);
    const to = from + by;
    if (from < 0 || to < 0 || to >= waiting.length) return;
    [waiting[from], waiting[to]] = [waiting[to]!, waiting[from]!];
    this.#client.request('jobs.reorder', { jobs: waiting }).catch(this.#trouble);
  }

  #do(name: 'jobs.pause' | 'jobs.resume' | 'jobs.cancel' | 'jobs.dismiss', job: string): void {
    this.#client.request(name, { job }).catch(this.#trouble);
  }
}
