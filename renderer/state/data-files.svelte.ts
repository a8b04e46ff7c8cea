/**
 * The files that a project learns from, as the Data stage shows them: what is in each, which belong together, what
 * could not be used and why, what is still to be asked. Which files are used stands in the draft; here is the rest.
 */
import type { FileEntry, Inspection, Project, Result, Source } from '../../core/host/contract.ts';
import { getAt, isTree, type Json, setAt, type Tree } from '../parts/tree.ts';
import { notices } from './notices.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

export interface DataFile {
  readonly entry: FileEntry;
  readonly inspection?: Inspection;
  /** Why it cannot be used. */
  readonly problem?: string;
}
export type PairQuestion = Result<'files.pair'>['questions'][number];

const SOURCES = ['system', 'sources'] as const;
/** Tried one after the other until one fits the molecule; a person can choose another afterwards. */
const USUAL_BEADS = ['alanine-dipeptide-5', 'dipeptide', 'ca', 'heavy', 'all'];
const FEWEST_BEADS = 3;

export class DataFiles {
  readonly #workspace: Workspace;
  #files = $state.raw<ReadonlyMap<string, DataFile>>(new Map());
  #questions = $state.raw<readonly PairQuestion[]>([]);
  #busy = $state(0);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Those in use first, in the order of their molecules; then those that are not. */
  get all(): readonly DataFile[] {
    const used = this.sources.flatMap(({ structure, trajectories }) => [structure, ...trajectories]);
    const order = [...new Set([...used.filter((id) => id !== null), ...this.#files.keys()])];
    return order.flatMap((id) => this.#files.get(id) ?? []);
  }
  get questions(): readonly PairQuestion[] {
    return this.#questions;
  }
  /** Something is being read. */
  get busy(): boolean {
    return this.#busy > 0;
  }
  get sources(): readonly Source[] {
    const draft = this.#workspace.project?.draft;
    return getAt(draft, ['system', 'kind']) === 'molecule' ? sourcesIn(getAt(draft, SOURCES)) : [];
  }

  nameOf(id: string): string {
    return this.#files.get(id)?.entry.name ?? 'a file';
  }
  isUsed(id: string): boolean {
    return this.sources.some(({ structure, trajectories }) => structure === id || trajectories.includes(id));
  }

  /** Of a project that was opened. */
  begin(project: Project | null): void {
    this.#questions = [];
    const files = project?.files ?? [];
    this.#files = new Map(
      files.map(({ missing, ...entry }) => [
        entry.id,
        missing
          ? { entry, problem: `\`${entry.name}\` is no longer in ${entry.folder}: put it back, or remove it here.` }
          : { entry },
      ]),
    );
    const present = files.filter(({ missing }) => !missing).map(({ id }) => id);
    if (present.length > 0) void this.#working(() => this.#inspect(present));
  }

  /** Files that have just been handed over: read, paired with those that are there, used where that is certain. */
  async add(entries: readonly FileEntry[]): Promise<void> {
    const fresh = entries.filter(({ id }) => !this.isUsed(id));
    if (fresh.length === 0) return;
    this.#put(fresh.map((entry) => ({ entry })));
    await this.#working(async () => {
      await this.#inspect(fresh.map(({ id }) => id));
      const readable = fresh.map(({ id }) => id).filter((id) => this.#files.get(id)?.inspection);
      if (readable.length === 0) return;
      const structures = this.sources.flatMap(({ structure }) => structure ?? []);
      const paired = await this.#workspace.client.request('files.pair', { files: [...structures, ...readable] });
      this.#refuse(paired.refused);
      this.#questions = [...this.#questions, ...paired.questions];
      await this.#use(paired.sources, fresh.length === 1 ? fresh[0]!.name : `${fresh.length} files`);
    });
  }

  /** A person has said which structure a trajectory belongs to, or that it is to be left out. */
  async answer(question: PairQuestion, structure: string | null): Promise<void> {
    this.#questions = this.#questions.filter((other) => other !== question);
    const { trajectory } = question;
    if (structure === null) {
      this.#refuse([{ file: trajectory, message: 'Left out.' }]);
      return;
    }
    await this.#working(() =>
      this.#use([{ structure, trajectories: [trajectory], use: 'train' }], this.nameOf(trajectory)),
    );
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
      .map((source) => ({ ...source, trajectories: source.trajectories.filter((file) => file !== id) }))
      .filter(({ structure, trajectories }) => structure !== null || trajectories.length > 0);
    this.#setSources('Files', sources);
  }

  setUse(source: number, use: Source['use']): void {
    this.#setSources(
      'Use of a molecule',
      this.sources.map((other, index) => (index === source ? { ...other, use } : other)),
    );
  }

  async #use(found: readonly Source[], words: string): Promise<void> {
    let sources = this.sources;
    for (const source of found) sources = withSource(sources, source);
    if (sources === this.sources) return;
    const first = this.sources.length === 0 ? sources[0] : undefined;
    const beads = first && getAt(this.#workspace.project?.draft, ['system', 'beads']) === undefined;
    const fitting = beads ? await this.#fittingBeads(first) : undefined;
    this.#setSources(words, sources, fitting);
  }

  #setSources(words: string, sources: readonly Source[], beads?: string): void {
    this.#workspace.project?.change(words, (draft) => {
      const { system } = draft;
      const molecule: Tree = isTree(system) && system.kind === 'molecule' ? system : { kind: 'molecule' };
      const next = {
        ...molecule,
        sources: sources.map(({ structure, trajectories, use }) => ({ structure, trajectories, use })),
      };
      return setAt(draft, ['system'], beads === undefined ? next : { ...next, beads });
    });
  }

  async #fittingBeads(source: Source): Promise<string | undefined> {
    for (const beads of USUAL_BEADS) {
      const mapped = await this.#workspace.client
        .request('data.beads', { source, beads, groups: [] })
        .catch(() => undefined);
      if (mapped && mapped.beads.length >= FEWEST_BEADS) return beads;
    }
    return undefined;
  }

  async #inspect(files: string[]): Promise<void> {
    const { inspections } = await this.#workspace.client.request('files.inspect', { files });
    this.#put(
      inspections.map((found) =>
        'format' in found ? { entry: found.file, inspection: found } : { entry: found.file, problem: found.problem },
      ),
    );
  }

  #refuse(refused: Result<'files.pair'>['refused']): void {
    this.#put(
      refused.flatMap(({ file, message }) => {
        const known = this.#files.get(file);
        return known ? [{ ...known, problem: message }] : [];
      }),
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

function sourcesIn(value: Json | undefined): Source[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isTree).map(({ structure, trajectories, use }) => ({
    structure: typeof structure === 'string' ? structure : null,
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
