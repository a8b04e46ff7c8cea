/**
 * The open project: a folder with one owner, what a person has set in it, and when that is written. Runs and jobs of it
 * are elsewhere (runs.ts, jobs/).
 */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { ErgodicError } from '../errors.ts';
import { fileError } from '../storage/file-errors.ts';
import { type FolderLock, lockFolder } from '../storage/folder-lock.ts';
import type { Draft, Project, View } from './contract.ts';
import type { Grants } from './grants.ts';
import { type ProjectState, readProject, writeProject } from './project-file.ts';

/** ms from a change to the file. */
const PATIENCE = 300;
/** Characters of the draft and the view together. */
const LARGEST = 8_000_000;

export interface ProjectChanges {
  readonly name?: string | undefined;
  readonly draft?: Draft | undefined;
  readonly view?: View | undefined;
}

export class OpenProject implements AsyncDisposable {
  readonly folder: string;
  /** What was wrong with its file, where something was. */
  readonly notice: string | undefined;
  readonly #lock: FolderLock;
  readonly #grants: Grants;
  readonly #trouble: (error: unknown) => void;
  #state: ProjectState;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    folder: string,
    lock: FolderLock,
    grants: Grants,
    trouble: (error: unknown) => void,
    { state, notice }: { readonly state: ProjectState; readonly notice?: string },
  ) {
    this.folder = folder;
    this.notice = notice;
    this.#lock = lock;
    this.#grants = grants;
    this.#trouble = trouble;
    this.#state = withGrantedFiles(state, grants);
    if (notice !== undefined) this.#writeSoon();
  }

  /** `trouble` hears why the file could not be written, later on. */
  static async open(path: string, grants: Grants, trouble: (error: unknown) => void): Promise<OpenProject> {
    const folder = await realpath(path).catch((error: unknown) => {
      throw fileError(error, path);
    });
    const lock = await lockFolder(folder);
    try {
      return new OpenProject(folder, lock, grants, trouble, await readProject(folder));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get name(): string {
    return this.#state.name;
  }

  get runsFolder(): string {
    return join(this.folder, 'runs');
  }

  async described(): Promise<Project> {
    const { name, isSample, draft, view, files } = this.#state;
    const entries = [...files.values()].map((path) => this.#grants.entryIfAny(path));
    return { name, folder: this.folder, isSample, draft, view, files: await Promise.all(entries) };
  }

  /** In memory at once, on disk soon. */
  change({ name, draft, view }: ProjectChanges): void {
    const next = { ...this.#state, name: name ?? this.#state.name };
    const settings = { draft: draft ?? next.draft, view: view ?? next.view };
    const text = JSON.stringify(settings);
    if (text.length > LARGEST) {
      throw new ErgodicError(
        `The settings of this project would take ${Math.round(text.length / 1e6)} MB, more than the ${LARGEST / 1e6} MB there is room for: name fewer files or beads.`,
      );
    }
    // A file belongs to the project when its settings or its window speak of it.
    const ids = new Set(text.match(/(?<=")f[0-9a-z]{1,24}(?=")/g));
    const files = new Map([...ids].filter((id) => this.#grants.has(id)).map((id) => [id, this.#grants.pathOf(id)]));
    this.#state = { ...next, ...settings, files };
    this.#writeSoon();
  }

  /** Writes what is not written yet. */
  async flush(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.flush();
    } finally {
      this.#lock.release();
    }
  }

  #writeSoon(): void {
    this.#timer ??= setTimeout(() => this.#write(), PATIENCE);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => writeProject(this.folder, this.#state)).catch(this.#trouble);
  }
}

/** Under the ids that they have here: those of the file, unless something else has got them since. */
function withGrantedFiles(state: ProjectState, grants: Grants): ProjectState {
  const renamed = new Map([...state.files].map(([id, path]) => [id, grants.add(path, id)]));
  const files = new Map([...state.files].map(([id, path]) => [renamed.get(id)!, path]));
  if ([...renamed].every(([before, now]) => before === now)) return { ...state, files };
  const inside = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_, inner) =>
      typeof inner === 'string' ? (renamed.get(inner) ?? inner) : inner,
    );
  return { ...state, draft: inside(state.draft), view: inside(state.view), files };
}
