/**
 * Conformations that were loaded whole, cached for the next query: other collective variables, another click. By what
 * they depend on, which is files, beads and stride and nothing else; of all that was loaded the newest stays, and what
 * fits beside it.
 */
import { type DataSet, fingerprint } from '../../../runs/data/data-set.ts';
import { type LoadedMolecule, loadMolecule } from '../../../runs/data/molecule-data.ts';
import { targetSource } from '../../../runs/data/molecule-record.ts';
import { toyData } from '../../../runs/data/toy-data.ts';
import type { Follower } from '../../../runs/follower.ts';
import type { MoleculeSpecification, Specification, ToySpecification } from '../../../specification/settings.ts';
import { stampedKey } from '../files/open-files.ts';
import { RecentlyUsed } from '../recently-used.ts';

export interface Loaded {
  readonly key: string;
  readonly data: DataSet;
  /** Absent for a toy. */
  readonly molecule?: LoadedMolecule;
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

  async #molecule(system: MoleculeSpecification, follower: Follower): Promise<Loaded> {
    const { beads, groups, stride } = system;
    const source = targetSource(system);
    const { structure, trajectories } = source;
    const files = await stampedKey([...(structure === null ? [] : [structure]), ...trajectories]);
    const key = `${files}\n${JSON.stringify([beads, groups, stride])}`;
    return this.#recent.get(key, async () => {
      const task = follower.task('reading conformations');
      const problems: string[] = [];
      const molecule = await loadMolecule(source, system, task, (line) => problems.push(line));
      return { key, data: molecule.data, molecule, problems, fingerprint: once(() => fingerprint([molecule.data])) };
    });
  }

  async #toy(system: ToySpecification, follower: Follower): Promise<Loaded> {
    const { kind, samples, seed, data: path } = system;
    const key = JSON.stringify([kind, ...(path === null ? [samples, seed] : [await stampedKey([path])])]);
    return this.#recent.get(key, async () => {
      const data = await toyData(system, follower.task('data'));
      return { key, data, problems: [], fingerprint: once(() => fingerprint([data])) };
    });
  }
}

function once<R>(make: () => R): () => R {
  let made: { readonly value: R } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
