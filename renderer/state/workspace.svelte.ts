/**
 * Everything the window knows, in one place: the host and the shell it talks to, the open project, its runs, the queue
 * of jobs. Components get it from the context (workspace-context.ts). State is small: arrays of frames stay with the
 * component that draws them.
 */
import type { FileEntry, Project, Result, SampleName } from '../../core/host/contract.ts';
import type { SettingGroup } from '../../core/setting.ts';
import { Client, HostFailure, type Link } from '../client/client.ts';
import type { HandOverProgress, Shell } from '../connect/shell.ts';
import { DataFiles } from './data-files.svelte.ts';
import { ExportsStore } from './exports-store.svelte.ts';
import { JobsStore } from './jobs-store.svelte.ts';
import { notices } from './notices.svelte.ts';
import { ProjectStore } from './project-store.svelte.ts';
import { RunAnswers } from './run-queries.svelte.ts';
import { RunsStore } from './runs-store.svelte.ts';

export const stageNames = ['data', 'experts', 'train', 'sample', 'simulate', 'compare'] as const;
export type StageName = (typeof stageNames)[number];

type About = Omit<Result<'hello'>, 'project'>;

/** A lost connection is said once, at the top of the window. */
const trouble = (error: unknown) => {
  if (!(error instanceof HostFailure && error.isLost)) notices.trouble(error);
};

export class Workspace {
  readonly shell: Shell;
  readonly client: Client;
  readonly jobs: JobsStore;
  readonly runs: RunsStore;
  readonly files: DataFiles;
  /** What runs have come to, and what they were made with. */
  readonly results: RunAnswers<'runs.results'>;
  readonly details: RunAnswers<'runs.read'>;
  readonly exports: ExportsStore;

  #link = $state<Link>('opening');
  #problem = $state<string>();
  #about = $state.raw<About>();
  #project = $state.raw<ProjectStore>();
  #stage = $state<StageName>('data');
  #handingOver = $state.raw<HandOverProgress>();
  #opening = $state(false);

  constructor(shell: Shell) {
    this.shell = shell;
    this.client = new Client(() => shell.connect());
    this.jobs = new JobsStore(this.client, trouble);
    this.runs = new RunsStore((run) => this.#project?.setLook('run', run));
    this.files = new DataFiles(this);
    this.results = new RunAnswers(this.client, 'runs.results');
    this.details = new RunAnswers(this.client, 'runs.read');
    this.exports = new ExportsStore(this.client, shell, this.jobs);
    this.client.onLink((link, problem) => {
      this.#link = link;
      this.#problem = problem;
      if (link === 'open') void this.#learn();
    });
    this.client.on('jobs.changed', ({ jobs }) => this.jobs.adopt(jobs));
    this.client.on('runs.changed', ({ runs }) => this.runs.adopt(runs));
    this.client.on('project.changed', ({ project }) => this.#adopt(project));
    this.client.on('notice', ({ message, kind }) => notices.add(kind, message));
  }

  get link(): Link {
    return this.#link;
  }
  /** Why there is no connection, where the shell knows. */
  get problem(): string | undefined {
    return this.#problem;
  }
  /** What the host is and can do; undefined until it has said so. */
  get about(): About | undefined {
    return this.#about;
  }
  get project(): ProjectStore | undefined {
    return this.#project;
  }
  get stage(): StageName {
    return this.#stage;
  }
  /** Files are on their way to the host. */
  get handingOver(): HandOverProgress | undefined {
    return this.#handingOver;
  }
  /** A project is being opened or made. */
  get opening(): boolean {
    return this.#opening;
  }

  /** The table of all settings (core/specification/settings.ts), as the host has sent it. */
  get settingTable(): SettingGroup {
    return (this.#about?.settings ?? {}) as unknown as SettingGroup;
  }

  /** The settings that only this method has. */
  tableOf(method: string): SettingGroup {
    return (this.#about?.methods[method]?.settings ?? {}) as unknown as SettingGroup;
  }

  /** Experts that can be chosen by name. */
  get expertPresets(): About['expertPresets'] {
    return this.#about?.expertPresets ?? [];
  }

  /** One-step generators that can be chosen by name. */
  get generatorPresets(): About['generatorPresets'] {
    return this.#about?.generatorPresets ?? [];
  }

  async open(): Promise<void> {
    this.#problem = undefined;
    this.#link = 'opening';
    try {
      await this.client.open();
    } catch (error) {
      this.#link = 'closed';
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  go(stage: StageName): void {
    this.#stage = stage;
    this.#project?.setLook('stage', stage);
  }

  createProject = (name: string, folder?: string): Promise<boolean> =>
    this.#enter(() => this.client.request('project.create', { name, ...(folder && { folder }) }));
  openProject = (folder: string): Promise<boolean> =>
    this.#enter(() => this.client.request('project.open', { folder }));
  openSample = (sample?: SampleName): Promise<boolean> =>
    this.#enter(() => this.client.request('project.sample', { ...(sample && { sample }) }));

  async closeProject(): Promise<void> {
    try {
      await this.#project?.flush();
      await this.client.request('project.close', {});
      this.#adopt(null);
      await this.#learn();
    } catch (error) {
      trouble(error);
    }
  }

  /** A run that the automatic method has trained is trained once more, and watched. */
  async trainAgain(run: string): Promise<void> {
    const waits = this.jobs.atWork !== undefined;
    const added = await this.jobs.add({ kind: 'again', run });
    if (added?.run === undefined) return;
    if (waits) notices.add('information', 'It is in the queue and is trained when what is before it has ended.');
    else this.runs.choose(added.run);
    this.go('train');
  }

  /** Files that a person dropped or chose; empty where that did not work, which has been said. */
  async handOver(files: Iterable<File>): Promise<FileEntry[]> {
    return this.#sent((onProgress) => this.shell.handOver(files, { onProgress }));
  }

  async chooseFiles(): Promise<FileEntry[]> {
    return this.#sent((onProgress) => this.shell.openDialog('files', { onProgress }));
  }

  async #sent(send: (onProgress: (progress: HandOverProgress) => void) => Promise<FileEntry[]>): Promise<FileEntry[]> {
    try {
      return await send((progress) => {
        this.#handingOver = progress;
      });
    } catch (error) {
      trouble(error);
      return [];
    } finally {
      this.#handingOver = undefined;
    }
  }

  async #enter(open: () => Promise<Project>): Promise<boolean> {
    this.#opening = true;
    try {
      await this.#project?.flush();
      this.#adopt(await open());
      return true;
    } catch (error) {
      trouble(error);
      return false;
    } finally {
      this.#opening = false;
    }
  }

  /** After every connection, the first and later ones. */
  async #learn(): Promise<void> {
    try {
      const { project, ...about } = await this.client.request('hello', {});
      this.#about = about;
      this.#adopt(project);
      if (!project) return;
      await this.#project?.flush();
      await this.#readLists();
    } catch (error) {
      if (this.#link === 'open') trouble(error);
    }
  }

  async #readLists(): Promise<void> {
    const [{ jobs }, { runs }] = await Promise.all([
      this.client.request('jobs.list', {}),
      this.client.request('runs.list', {}),
    ]);
    this.jobs.adopt(jobs);
    this.runs.adopt(runs);
  }

  #adopt(project: Project | null): void {
    if (project && this.#project?.project.folder === project.folder) {
      this.#project.adopt(project);
      return;
    }
    this.#project?.close();
    this.#project = project ? new ProjectStore(this.client, project, trouble) : undefined;
    this.jobs.adopt([]);
    this.runs.begin(typeof project?.view.run === 'string' ? project.view.run : undefined);
    this.files.begin(project);
    this.results.forget();
    this.details.forget();
    this.#stage = stageNames.find((name) => name === project?.view.stage) ?? 'data';
    if (project) this.#readLists().catch(trouble);
  }
}
