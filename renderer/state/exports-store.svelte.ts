/**
 * What a person takes out of a project: export jobs of this window, and the files that they have made. A browser gets
 * them as downloads when they are ready, a desktop shows them where they lie.
 */
import type { EventBody, Export, Job, Result } from '../../core/host/contract.ts';
import type { Client } from '../client/client.ts';
import type { Shell } from '../connect/shell.ts';
import { isOver, type JobsStore } from './jobs-store.svelte.ts';
import { notices } from './notices.svelte.ts';

export type ExportedFile = Result<'exports.list'>['files'][number];

/** More than these are not downloaded unasked. */
const AT_ONCE = 3;
/** Browsers take several downloads for one if they come at the same moment. */
const BETWEEN_DOWNLOADS_MS = 250;

export class ExportsStore {
  readonly #client: Client;
  readonly #shell: Shell;
  readonly #jobs: JobsStore;
  #own = $state.raw<ReadonlySet<string>>(new Set());
  #files = $state.raw<readonly ExportedFile[]>([]);
  #made = $state.raw<readonly ExportedFile[]>([]);

  constructor(client: Client, shell: Shell, jobs: JobsStore) {
    this.#client = client;
    this.#shell = shell;
    this.#jobs = jobs;
    client.on('jobs.changed', (body) => this.#hear(body));
  }

  /** One is on its way. */
  get busy(): boolean {
    return this.#own.size > 0;
  }
  /** Of this project, the last ones last. */
  get files(): readonly ExportedFile[] {
    return this.#files;
  }

  /** What was made last, where it is for the person to fetch. */
  get made(): readonly ExportedFile[] {
    return this.#made;
  }

  putAway(): void {
    this.#made = [];
  }

  async start(what: Export): Promise<void> {
    const added = await this.#jobs.add({ kind: 'export', export: what });
    if (!added) return;
    this.#own = new Set([...this.#own, added.job]);
    // It may have ended before anybody knew its name.
    this.#hear({ jobs: [...this.#jobs.all] });
  }

  /** The files themselves, which are not handed out; undefined where there are none, which has been said. */
  async filesOf(what: Export): Promise<readonly ExportedFile[] | undefined> {
    const added = await this.#jobs.add({ kind: 'export', export: what });
    if (!added) return undefined;
    const job = await this.#over(added.job);
    if (job.state !== 'done') {
      if (job.message !== undefined) notices.add('trouble', job.message);
      return undefined;
    }
    await this.read();
    return this.#files.filter((file) => file.job === added.job);
  }

  #over(id: string): Promise<Job> {
    return new Promise((resolve) => {
      const look = (jobs: readonly Job[]) => {
        const job = jobs.find((one) => one.id === id && isOver(one));
        if (!job) return;
        stop();
        resolve(job);
      };
      const stop = this.#client.on('jobs.changed', ({ jobs }) => look(jobs));
      look(this.#jobs.all);
    });
  }

  async read(): Promise<void> {
    try {
      this.#files = (await this.#client.request('exports.list', {})).files;
    } catch (error) {
      notices.trouble(error);
    }
  }

  async fetch(files: readonly ExportedFile[]): Promise<void> {
    const [first] = files;
    if (!first) return;
    try {
      if (this.#shell.can.reveal) return await this.#shell.reveal(first);
      for (const file of files) {
        await this.#shell.fetchExport(file);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_DOWNLOADS_MS));
      }
    } catch (error) {
      notices.trouble(error);
    }
  }

  #hear({ jobs }: EventBody<'jobs.changed'>): void {
    for (const job of jobs) {
      if (!this.#own.has(job.id) || !isOver(job)) continue;
      this.#own = new Set([...this.#own].filter((id) => id !== job.id));
      if (job.state === 'done') void this.#handOut(job.id);
      else if (job.state === 'failed') notices.add('trouble', job.message ?? `${job.title} failed.`);
    }
  }

  async #handOut(job: string): Promise<void> {
    await this.read();
    const files = this.#files.filter((file) => file.job === job);
    const [first] = files;
    if (!first) return;
    if (!this.#shell.can.reveal && files.length > AT_ONCE) {
      this.#made = files;
      return;
    }
    await this.fetch(files);
    const what = files.length === 1 ? `\`${first.name}\` is` : `${files.length} files are`;
    notices.add('information', `${what} in ${first.folder}.`);
  }
}
