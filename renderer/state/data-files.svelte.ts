/**
 * The files that a project learns from, as the Data stage shows them: what is in each, which belong together, what
 * could not be used and why, what is still to be asked. Which files are used stands in the draft; here is the rest.
 */
import type { FileEntry, Inspection, Project, Result, Source } from '../../core/host/contract.ts';
import type { Client } from '../client/client.ts';
import { getAt, isTree, type Json, type Tree } from '../parts/tree.ts';
import { type OfferedExperts, withSystem } from './draft-system.ts';
import { notices } from './notices.svelte.ts';
import type { ProjectStore } from './project-store.svelte.ts';

export interface DataFile {
  readonly entry: FileEntry;
  readonly inspection?: Inspection;
  /** Why it cannot be read. */
  readonly problem?: string;
  /** Why it is not used, though it can be read. */
  readonly unused?: string;
}
export type PairQuestion = Result<'files.pair'>['questions'][number];

const SOURCES = ['system', 'sources'] as const;
/** Tried one after the other until one fits the molecule; a person can choose another afterwards. */
const USUAL_BEADS = ['alanine-dipeptide-5', 'dipeptide', 'ca', 'heavy', 'all'];
const FEWEST_BEADS = 3;

/** The window's state, as far as files need it. */
export interface FilesOwner extends OfferedExperts {
  readonly client: Client;
  readonly project: ProjectStore | undefined;
}

export class DataFiles {
  readonly #owner: FilesOwner;
  #files = $state.raw<ReadonlyMap<string, DataFile>>(new Map());
  #questions = $state.raw<readonly PairQuestion[]>([]);
  #leftOut = new Set<string>();
  #busy = $state(0);

  constructor(owner: FilesOwner) {
    this.#owner = owner;
  }

  get(id: string): DataFile | undefined {
    return this.#files.get(id);
  }
  get sources(): readonly Source[] {
    const draft = this.#owner.project?.draft;
    return getAt(draft, ['system', 'kind']) === 'molecule' ? sourcesIn(getAt(draft, SOURCES)) : [];
  }
  /** Not used, for whatever reason. */
  get loose(): readonly DataFile[] {
    return [...this.#files.values()].filter(({ entry }) => !this.isUsed(entry.id));
  }
  /** Those that a person can answer; where nothing fits, another file has to come first. */
  get questions(): readonly PairQuestion[] {
    return this.#questions.filter(({ candidates }) => candidates.length > 0);
  }
  /** Something is being read. */
  get busy(): boolean {
    return this.#busy > 0;
  }

  nameOf(id: string): string {
    return this.#files.get(id)?.entry.name ?? 'a file';
  }
  isUsed(id: string): boolean {
    return this.sources.some((source) => filesOf(source).includes(id));
  }

  /** Files of plain numbers, which may be weights of frames. */
  get numbers(): readonly DataFile[] {
    return [...this.#files.values()].filter(({ inspection }) => inspection?.numbers !== undefined);
  }
  /** Of all trajectories of a molecule. */
  framesOf(source: Source): number {
    return conformationsOf(source).reduce((sum, id) => sum + (this.#files.get(id)?.inspection?.frames ?? 0), 0);
  }
  /** Whether all frames that are trained on have these; undefined while that is not known. */
  hold(what: 'forces' | 'energies'): boolean | undefined {
    const files = this.sources.filter(({ use }) => use === 'train').flatMap(conformationsOf);
    const found = files.map((id) => this.#files.get(id)?.inspection?.holds.includes(what));
    if (found.includes(false)) return false;
    return found.length === 0 || found.includes(undefined) ? undefined : true;
  }

  /** Of a project that was opened. */
  begin(project: Project | null): void {
    this.#questions = [];
    this.#leftOut = new Set();
    const files = project?.files ?? [];
    const gone = ({ name, folder }: FileEntry) =>
      `\`${name}\` is no longer in ${folder}: put it back, or remove it from the project.`;
    this.#files = new Map(
      files.map(({ missing, ...entry }) => [entry.id, { entry, ...(missing && { problem: gone(entry) }) }]),
    );
    const present = files.filter(({ missing }) => !missing).map(({ id }) => id);
    if (present.length > 0) void this.#working(() => this.#inspect(present));
  }

  /** Files that a draft names already. */
  know(entries: readonly FileEntry[]): void {
    const fresh = entries.filter(({ id }) => !this.#files.has(id));
    if (fresh.length === 0) return;
    this.#put(fresh.map((entry) => ({ entry })));
    void this.#working(() => this.#inspect(fresh.map(({ id }) => id)));
  }

  /** Files that have just been handed over: read, paired with those that are there, used where that is certain. */
  async add(entries: readonly FileEntry[]): Promise<void> {
    const fresh = entries.filter(({ id }) => !this.isUsed(id));
    if (fresh.length === 0) return;
    for (const { id } of fresh) this.#leftOut.delete(id);
    this.#put(fresh.map((entry) => ({ entry })));
    await this.#working(async () => {
      await this.#inspect(fresh.map(({ id }) => id));
      await this.#pair(fresh.length === 1 ? fresh[0]!.name : `${fresh.length} files`);
    });
  }

  /** A person has said which structure a trajectory belongs to, or (null) that it is to be left out. */
  async answer({ trajectory }: PairQuestion, structure: string | null): Promise<void> {
    this.#questions = this.#questions.filter((other) => other.trajectory !== trajectory);
    await this.#working(async () => {
      if (structure === null) {
        this.#leftOut.add(trajectory);
        this.#put([{ ...this.#files.get(trajectory)!, unused: 'Left out.' }]);
        if (this.#questions.length === 0) await this.#pair(this.nameOf(trajectory));
      } else {
        const { unused: _, ...used } = this.#files.get(trajectory)!;
        this.#put([used]);
        // A file with conformations of its own may belong to no other.
        const trajectories = structure === trajectory ? [] : [trajectory];
        await this.#use([{ structure, trajectories, use: 'train' }], this.nameOf(trajectory));
      }
    });
  }

  /** A structure takes its trajectories out of use with it. */
  remove(id: string): void {
    const kept = new Map(this.#files);
    kept.delete(id);
    this.#files = kept;
    this.#questions = this.#questions.filter(({ trajectory }) => trajectory !== id);
    if (!this.isUsed(id)) return;
    const sources = this.sources
      .filter(({ structure }) => structure !== id)
      .map((source) => ({
        ...source,
        trajectories: source.trajectories.filter((file) => file !== id),
        weights: source.weights === id ? null : source.weights,
      }))
      .filter(({ structure, trajectories }) => structure !== null || trajectories.length > 0);
    this.#setSources('Files', sources);
  }

  setUse(source: number, use: Source['use']): void {
    const changed = this.sources.map((other, index) => (index === source ? { ...other, use } : other));
    this.#setSources('Use of a molecule', changed);
  }

  /** A file of weights for the frames of a molecule; null: none. */
  setWeights(source: number, weights: string | null): void {
    const changed = this.sources.map((other, index) => (index === source ? { ...other, weights } : other));
    this.#setSources('Weights', changed);
  }

  /** Every file that can be read and has no place yet, with every structure that is there. */
  async #pair(words: string): Promise<void> {
    const waiting = this.loose.filter(({ entry, inspection }) => inspection && !this.#leftOut.has(entry.id));
    if (waiting.length === 0) return;
    const structures = this.sources.flatMap(({ structure }) => structure ?? []);
    const files = [...structures, ...waiting.map(({ entry }) => entry.id)];
    const { sources, questions, refused } = await this.#owner.client.request('files.pair', { files });
    const reasons = new Map([
      ...refused.map(({ file, message }) => [file, message] as const),
      ...questions.map(({ trajectory, message }) => [trajectory, message] as const),
    ]);
    this.#put(
      waiting.map(({ unused: _, ...file }) => {
        const unused = reasons.get(file.entry.id);
        return unused === undefined ? file : { ...file, unused };
      }),
    );
    this.#questions = questions;
    await this.#use(sources, words);
  }

  async #use(found: readonly Source[], words: string): Promise<void> {
    const before = this.sources;
    let sources = before;
    for (const source of found) sources = withSource(sources, source);
    if (sources === before) return;
    const isFirst = before.length === 0 && this.#owner.project?.get(['system', 'beads']) === undefined;
    this.#setSources(words, sources, isFirst ? await this.#fittingBeads(sources[0]!) : undefined);
  }

  #setSources(words: string, sources: readonly Source[], beads?: string): void {
    this.#owner.project?.change(words, (draft) => {
      const { system } = draft;
      const molecule: Tree = isTree(system) && system.kind === 'molecule' ? system : { kind: 'molecule' };
      const list = sources.map(({ structure, trajectories, weights, use }) => ({
        structure,
        trajectories,
        ...(weights ? { weights } : {}),
        use,
      }));
      return withSystem(draft, { ...molecule, sources: list, ...(beads !== undefined && { beads }) }, this.#owner);
    });
  }

  async #fittingBeads(source: Source): Promise<string | undefined> {
    const { client } = this.#owner;
    for (const beads of USUAL_BEADS) {
      const mapped = await client.request('data.beads', { source, beads, groups: [] }).catch(() => undefined);
      if (mapped && mapped.beads.length >= FEWEST_BEADS) return beads;
    }
    return undefined;
  }

  async #inspect(files: string[]): Promise<void> {
    const { inspections } = await this.#owner.client.request('files.inspect', { files });
    this.#put(
      inspections.map((found) =>
        'format' in found ? { entry: found.file, inspection: found } : { entry: found.file, problem: found.problem },
      ),
    );
  }

  #put(files: readonly DataFile[]): void {
    this.#files = new Map([...this.#files, ...files.map((file) => [file.entry.id, file] as const)]);
  }

  async #working(work: () => Promise<void>): Promise<void> {
    this.#busy++;
    try {
      await work();
    } catch (error) {
      notices.trouble(error);
    } finally {
      this.#busy--;
    }
  }
}

/** All that a molecule is made of. */
export const filesOf = ({ structure, trajectories, weights }: Source): string[] =>
  [structure, ...trajectories, weights].filter((id) => typeof id === 'string');

/** Those with its frames: the structure where there is no other. */
const conformationsOf = ({ structure, trajectories }: Source): readonly string[] =>
  trajectories.length > 0 || structure === null ? trajectories : [structure];

function sourcesIn(value: Json | undefined): Source[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isTree).map(({ structure, trajectories, weights, use }) => ({
    structure: typeof structure === 'string' ? structure : null,
    ...(typeof weights === 'string' ? { weights } : {}),
    trajectories: Array.isArray(trajectories) ? trajectories.filter((id) => typeof id === 'string') : [],
    use: use === 'test' ? 'test' : 'train',
  }));
}

/** The same list where nothing is new in it. */
function withSource(sources: readonly Source[], added: Source): readonly Source[] {
  const at = sources.findIndex(({ structure }) => structure !== null && structure === added.structure);
  if (at < 0) return [...sources, added];
  const known = sources[at]!;
  const fresh = added.trajectories.filter((id) => !known.trajectories.includes(id));
  if (fresh.length === 0) return sources;
  return sources.with(at, { ...known, trajectories: [...known.trajectories, ...fresh] });
}
