/**
 * The open project as the window has it: the draft with its past (undo), what is wrong with it, and how the window
 * looked. Changes are made here at once and stored by the host soon after; nothing that is typed waits for it.
 */
import type { Fault, Project } from '../../core/host/contract.ts';
import type { Client } from '../client/client.ts';
import { labelOf } from '../parts/setting-words.ts';
import { getAt, isSame, type Json, type Path, setAt, type Tree } from '../parts/tree.ts';
import { History } from './history.ts';

const SAVE_MS = 400;
const CHECK_MS = 200;

export class ProjectStore {
  readonly #client: Client;
  readonly #trouble: (error: unknown) => void;
  #project = $state.raw<Project>()!;
  #history = $state.raw<History<Tree>>(History.of({}));
  #view = $state.raw<Tree>({});
  #faults = $state.raw<readonly Fault[]>([]);
  #specification = $state.raw<Tree>();
  /** Whose specification it is. */
  #specified: Tree = {};
  #saving = $state(false);
  #unsaved: 'draft' | 'view' | 'both' | undefined = $state();
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(client: Client, project: Project, trouble: (error: unknown) => void) {
    this.#client = client;
    this.#trouble = trouble;
    this.#project = project;
    this.#history = History.of(project.draft);
    this.#view = project.view;
    this.#checkSoon(0);
  }

  get project(): Project {
    return this.#project;
  }
  get draft(): Tree {
    return this.#history.present;
  }
  /** With every default filled in, as it was when the host last found nothing wrong. */
  get specification(): Tree | undefined {
    return this.#specification;
  }
  get faults(): readonly Fault[] {
    return this.#faults;
  }
  get undoes(): string | undefined {
    return this.#history.undoes;
  }
  get redoes(): string | undefined {
    return this.#history.redoes;
  }
  get isSaved(): boolean {
    return !this.#saving && this.#unsaved === undefined;
  }

  get(path: Path): Json | undefined {
    return getAt(this.draft, path);
  }

  /** What applies: the draft's own value, or the default that the host has filled in. */
  effective(path: Path): Json | undefined {
    return this.get(path) ?? this.defaultAt(path);
  }

  /**
   * What the host has filled in where a draft says nothing. Where the draft that it last answered to did say something
   * (and another number of experts, say, does so no longer), nothing is known until it answers again.
   */
  defaultAt(path: Path): Json | undefined {
    const filledIn = getAt(this.#specification, path);
    return getAt(this.#specified, path) === undefined ? filledIn : undefined;
  }

  /** One setting. Quick changes of the same one are one step of undo. `undefined`: its default. */
  set(path: Path, value: Json | undefined): void {
    if (isSame(this.get(path), value)) return;
    const change = labelOf(String(path.findLast((key) => typeof key === 'string') ?? ''));
    this.#go(this.#history.to(setAt(this.draft, path, value), change, Date.now(), path.join('.')));
  }

  /** Several at once, as one step. `mark`: quick changes of the same thing are one step, too. */
  change(words: string, changed: (draft: Tree) => Tree, mark?: string): void {
    const next = changed(this.draft);
    if (!isSame(next, this.draft)) this.#go(this.#history.to(next, words, Date.now(), mark));
  }

  undo(): void {
    this.#go(this.#history.undone());
  }

  redo(): void {
    this.#go(this.#history.redone());
  }

  /** What is wrong at a place, or anywhere below it. */
  faultsUnder(path: Path): readonly Fault[] {
    return this.#faults.filter((fault) => path.every((key, index) => fault.path[index] === key));
  }

  faultAt(path: Path): string | undefined {
    return this.#faults.find((fault) => isSame([...fault.path], [...path]))?.message;
  }

  look(key: string): Json | undefined {
    return this.#view[key];
  }

  /** How the window looks is kept with the project, but is nothing to undo. */
  setLook(key: string, value: Json | undefined): void {
    if (isSame(this.#view[key], value)) return;
    this.#view = setAt(this.#view, [key], value);
    this.#saveSoon('view');
  }

  rename(name: string): void {
    this.#project = { ...this.#project, name };
    this.#client.request('project.save', { name }).catch(this.#trouble);
  }

  /** The host tells: files have come or gone, or another window has changed something. */
  adopt(project: Project): void {
    const own = !this.isSaved;
    this.#project = project;
    if (own) return;
    if (!isSame(project.draft, this.draft)) {
      this.#history = this.#history.to(project.draft, 'A change in another window', Date.now());
      this.#checkSoon();
    }
    this.#view = project.view;
  }

  /** Stores what is not stored yet. */
  async flush(): Promise<void> {
    clearTimeout(this.#saveTimer);
    const what = this.#unsaved;
    if (what === undefined) return;
    this.#unsaved = undefined;
    this.#saving = true;
    try {
      await this.#client.request('project.save', {
        ...(what !== 'view' && { draft: this.draft }),
        ...(what !== 'draft' && { view: this.#view }),
      });
    } catch (error) {
      // Kept, and tried again with the next change or when the connection is back.
      this.#unsaved = this.#unsaved === undefined || this.#unsaved === what ? what : 'both';
      this.#trouble(error);
    } finally {
      this.#saving = false;
    }
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#saveTimer);
    clearTimeout(this.#checkTimer);
  }

  #go(history: History<Tree>): void {
    if (history === this.#history) return;
    this.#history = history;
    this.#saveSoon('draft');
    this.#checkSoon();
  }

  #saveSoon(what: 'draft' | 'view'): void {
    this.#unsaved = this.#unsaved === undefined || this.#unsaved === what ? what : 'both';
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => void this.flush(), SAVE_MS);
  }

  #checkSoon(delay = CHECK_MS): void {
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.#check(), delay);
  }

  async #check(): Promise<void> {
    const draft = this.draft;
    try {
      const { faults, specification } = await this.#client.request('draft.check', { draft });
      // An answer to an older question says nothing about what stands there now.
      if (this.#closed || draft !== this.draft) return;
      this.#faults = faults;
      if (!specification) return;
      this.#specified = draft;
      this.#specification = specification;
    } catch {
      // Without a host nothing is checked; the lost connection is said elsewhere.
    }
  }
}
