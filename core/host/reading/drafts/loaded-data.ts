/**
 * Conformations that were loaded whole, cached for the next query: other collective variables, another click. By what
 * they depend on, which is files, beads and stride and nothing else; of all that was loaded the newest stays, and what
 * fits beside it.
 */
import { type DataSet, fingerprint } from '../../../runs/data/data-set.ts';
import { loadData, reloadData } from '../../../runs/data/load-data.ts';
import { type LoadedMolecule, loadMolecule } from '../../../runs/data/molecule-data.ts';
import { targetSource } from '../../../runs/data/molecule-record.ts';
import type { DataFacts } from '../../../runs/data/run-data.ts';
import type { Subject } from '../../../runs/data/run-system.ts';
import { isBiased, toyData } from '../../../runs/data/toy-data.ts';
import type { Follower } from '../../../runs/follower.ts';
import type { MoleculeSpecification, Specification, ToySpecification } from '../../../specification/settings.ts';
import { stampedKey } from '../files/open-files.ts';
import { RecentlyUsed } from '../recently-used.ts';

export interface Loaded {
  readonly key: string;
  readonly data: DataSet;
  /** Absent for a toy. */
  readonly molecule?: LoadedMolecule;
  /** Which of its frames each of them is, where they were drawn by weights. */
  readonly frames?: Uint32Array | undefined;
  /** How many of equal weight they are worth, where they are weighed. */
  readonly effective?: number | undefined;
  /** Sentences about what is wrong with its files. */
  readonly problems: readonly string[];
  /** What a run's record remembers of these data, where it has no others. */
  readonly fingerprint: () => string;
}

/** Bytes that loaded conformations take beside the newest. */
const ROOM = 2 ** 30;

export class LoadedData {
  readonly #recent = new RecentlyUsed<Loaded>(ROOM, ({ data }) => data.values.byteLength);

  /** Of what is sampled and simulated: of several molecules, the target. */
  of(system: Specification['system'], follower: Follower): Promise<Loaded> {
    return system.kind === 'molecule' ? this.#molecule(system, follower) : this.#toy(system, follower);
  }

  /** What a run is compared with, where that is not what was read. */
  async comparedWith(record: Subject & DataFacts, read: Loaded, follower: Follower): Promise<Loaded> {
    const { system } = record.specification;
    if (!isChanged(system)) return read;
    const key = `${read.key}\ncompared ${JSON.stringify([system, record.fittedWeights])}`;
    return this.#recent.get(key, async () => {
      const { reference, drawn } = await reloadData(record, follower);
      return { ...read, key, data: reference, frames: system.kind === 'molecule' ? drawn?.frames : undefined };
    });
  }

  /** The data of a draft as their weights make them count, and how many of equal weight they are worth. */
  async weighed(specification: Specification, read: Loaded, follower: Follower): Promise<Loaded> {
    const { system } = specification;
    const key = `${read.key}\nweighed ${JSON.stringify(system)}`;
    return this.#recent.get(key, async () => {
      const { known, drawn } = (await loadData(specification, follower)).data;
      return { ...read, key, data: known, effective: drawn?.effective };
    });
  }

  async #molecule(system: MoleculeSpecification, follower: Follower): Promise<Loaded> {
    const { beads, groups, stride } = system;
    const source = targetSource(system);
    const { structure, trajectories, weights } = source;
    const named = [structure, weights].filter((file) => file !== null);
    const files = await stampedKey([...named, ...trajectories]);
    const key = `${files}\n${JSON.stringify([beads, groups, stride])}`;
    return this.#recent.get(key, async () => {
      const task = follower.task('reading conformations');
      const problems: string[] = [];
      const molecule = await loadMolecule(source, system, task, (line) => problems.push(line));
      const { data, weights: found } = molecule;
      const read = [data, ...(found ? [{ values: found }] : [])];
      return { key, data, molecule, problems, fingerprint: once(() => fingerprint(read)) };
    });
  }

  async #toy(system: ToySpecification, follower: Follower): Promise<Loaded> {
    const { kind, samples, seed, dataTemperature, kept, data: path } = system;
    const made = [samples, seed, dataTemperature, kept];
    const key = JSON.stringify([kind, ...(path === null ? made : [await stampedKey([path])])]);
    return this.#recent.get(key, async () => {
      const data = await toyData(system, follower.task('data'));
      return { key, data, problems: [], fingerprint: once(() => fingerprint([data])) };
    });
  }
}

/** Biased data are weighed, or compared with unbiased ones; of exchanges of like atoms each frame shows one form. */
const isChanged = (system: Specification['system']): boolean =>
  system.kind === 'molecule' ? system.weights !== 'none' || system.symmetries !== 'none' : isBiased(system);

function once<R>(make: () => R): () => R {
  let made: { readonly value: R } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
