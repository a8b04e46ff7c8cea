/**
 * The host: what the windows talk to. It owns the open project with its jobs, knows what a person has handed over, and
 * answers every window alike; the owner of a window gives it a channel. Not here: how an answer is found (the handlers),
 * how a job works (jobs/), how messages travel (transports/).
 */
import { join } from 'node:path';
import { describeAll } from '../engines/registry.ts';
import { ErgodicError } from '../errors.ts';
import { Connection, type WindowContext, type WindowHandlers } from './connection.ts';
import type { Channel, EventBody, EventName, FileEntry, RequestName } from './contract.ts';
import { withFiles } from './draft-files.ts';
import { draftHandlers } from './draft-handlers.ts';
import { Grants } from './grants.ts';
import { HostLog } from './host-log.ts';
import type { HostOptions, HostServices } from './host-services.ts';
import { jobHandlers } from './job-handlers.ts';
import { PROJECT_FILE } from './project-file.ts';
import { projectHandlers } from './project-handlers.ts';
import { ProjectSession } from './project-session.ts';
import { isFolderOf } from './projects.ts';
import { Reader } from './reader.ts';
import { readingHandlers } from './reading-handlers.ts';
import { RecentProjects } from './recent-projects.ts';
import { runHandlers } from './run-handlers.ts';
import { joined } from './transports/joined.ts';

/** What a shell has that the host has not. */
export interface ShellParts {
  /** A way to a GPU, which only a window has. */
  lendGpu?(): Promise<Channel>;
}

export class Host implements HostServices, AsyncDisposable {
  readonly options: HostOptions;
  readonly grants = new Grants();
  readonly recent: RecentProjects;
  readonly engines = describeAll();
  /** To a job, at the other end of this way; the way ends where there is no GPU. */
  readonly lendGpu: ((to: Channel) => void) | undefined;
  readonly #log: HostLog;
  readonly #reader = new Reader({ progress: (tasks) => this.tell('reading.progress', { tasks }) });
  readonly #windows = new Set<Connection>();
  readonly #closing = new AbortController();
  readonly #handlers: WindowHandlers<RequestName>;
  #session: ProjectSession | undefined;
  /** Opening and closing wait for each other. */
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(options: HostOptions, { lendGpu }: ShellParts) {
    this.options = options;
    this.lendGpu =
      lendGpu &&
      ((to) =>
        void lendGpu().then(
          (gpu) => joined(to, gpu),
          () => to.close(),
        ));
    this.recent = new RecentProjects(options.home);
    this.#log = new HostLog(join(options.home, 'host.log'));
    this.#handlers = {
      ...projectHandlers(this),
      ...draftHandlers(this.grants),
      ...runHandlers(this),
      ...jobHandlers(this, this.#reader),
      ...readingHandlers(this.#reader),
    };
  }

  static async open(options: HostOptions, shell: ShellParts = {}): Promise<Host> {
    return new Host(options, shell);
  }

  /** Any number of windows; one whose channel is closed is forgotten. */
  connect(channel: Channel): void {
    const window = new Connection(channel, {
      handlers: this.#handlers,
      log: this.#log,
      contextOf: (asking) => this.#contextOf(asking),
      credit: (asking, stream, frames) => this.#session?.streams.credit(asking, stream, frames),
    });
    this.#windows.add(window);
    window.signal.addEventListener('abort', () => {
      this.#windows.delete(window);
      this.#session?.streams.forget(window);
    });
  }

  /** A person handed these over. */
  async grant(paths: readonly string[]): Promise<FileEntry[]> {
    const accepted = await Promise.all(paths.map((path) => this.grants.accept(path)));
    // Folders and projects are opened, not shown in a list of data.
    const files = accepted.flatMap(({ entry, isFile }) => (isFile && entry.name !== PROJECT_FILE ? [entry] : []));
    if (files.length > 0) this.tell('files.granted', { files });
    return accepted.map(({ entry }) => entry);
  }

  /** For shells: to show a file where it lies, to send it. */
  pathOf(file: string): string {
    return this.grants.pathOf(file);
  }

  /** Jobs are at work: a shell asks before it closes. */
  get busy(): boolean {
    return this.#session?.jobs.isAtWork ?? false;
  }

  get session(): ProjectSession | undefined {
    return this.#session;
  }

  /** Throws a sentence where no project is open. */
  get openSession(): ProjectSession {
    if (this.#session) return this.#session;
    throw new ErgodicError('No project is open: open one or create one.');
  }

  /** To every window, or to all but one that knows already. */
  tell<N extends EventName>(name: N, body: EventBody<N>, except?: Connection): void {
    for (const window of this.#windows) if (window !== except) window.tell(name, body);
  }

  /** Opens a project, unless it is the open one; that is closed when the new one could be opened. */
  openProject(folder: () => Promise<string>): Promise<ProjectSession> {
    return this.#change(async () => {
      const path = await folder();
      if (this.#session && (await isFolderOf(path, this.#session.project))) return this.#session;
      const session = await ProjectSession.open(path, this);
      await this.#closeSession();
      this.#session = session;
      const { project } = session;
      await this.recent.remember({ path: project.folder, name: project.name }).catch((error) => this.trouble(error));
      this.tell('project.changed', { project: await project.described() });
      if (project.notice !== undefined) this.tell('notice', { message: project.notice, kind: 'trouble' });
      return session;
    });
  }

  closeProject(): Promise<void> {
    return this.#change(async () => {
      if (!this.#session) return;
      await this.#closeSession();
      this.tell('project.changed', { project: null });
    });
  }

  /** What went wrong beside any request. */
  readonly trouble = (error: unknown): void => {
    if (!(error instanceof ErgodicError)) this.#log.defect(error);
    const message = error instanceof ErgodicError ? error.message : 'Something went wrong that should not have.';
    this.tell('notice', { message, kind: 'trouble' });
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ErgodicError('Ergodic is being closed.'));
    await this.#change(() => this.#closeSession());
    await this.#reader[Symbol.asyncDispose]();
    for (const window of this.#windows) window.close();
  }

  async #closeSession(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.[Symbol.asyncDispose]();
  }

  #change<R>(work: () => Promise<R>): Promise<R> {
    const next = this.#changing.then(work);
    this.#changing = next.catch(() => undefined);
    return next;
  }

  #contextOf(window: Connection): WindowContext {
    return {
      window,
      signal: AbortSignal.any([window.signal, this.#closing.signal]),
      pathOf: (file) => this.grants.pathOf(file),
      entryOf: (path) => this.grants.entryOf(path),
      projectFolder: () => this.openSession.project.folder,
      runFolder: (run) => this.openSession.runFolder(run),
      withPaths: (draft) => withFiles(draft, (file) => this.grants.pathOf(file)),
    };
  }
}
