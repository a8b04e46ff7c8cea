/**
 * The beads of a molecule, frame by frame from its files: what a run learned from, without loading it. The same numbers
 * as loaded ones (core/runs/data/molecule-data.ts). nm, ps.
 */
import { beadReader } from '../../../runs/data/molecule-data.ts';
import type { MoleculeSpecification } from '../../../specification/settings.ts';
import { type BeadMapping, mapBeads } from '../../../systems/beads.ts';
import type { Task } from '../../../task.ts';
import type { SourcePaths } from '../queries.ts';
import { RecentlyUsed } from '../recently-used.ts';
import type { OpenSource, OpenSources } from './open-source.ts';

/** What picks the beads. */
export type BeadChoice = Pick<MoleculeSpecification, 'beads' | 'groups'>;

export interface SourceBeads {
  readonly source: OpenSource;
  readonly mapping: BeadMapping;
  readonly read: ReturnType<typeof beadReader>;
}

const MOST = 4;

export class BeadFrames {
  readonly #sources: OpenSources;
  readonly #recent = new RecentlyUsed<SourceBeads>(MOST);

  constructor(sources: OpenSources) {
    this.#sources = sources;
  }

  async open(paths: SourcePaths, { beads, groups }: BeadChoice, task: Task): Promise<SourceBeads> {
    const source = await this.#sources.open(paths, task);
    return this.#recent.get(`${source.key}\n${JSON.stringify([beads, groups])}`, async () => {
      const mapping = mapBeads(source.topology, groups.length > 0 ? { groups } : beads);
      return { source, mapping, read: beadReader(source.topology, mapping) };
    });
  }

  /** Of every trajectory each `stride`-th frame counts. */
  async frame(opened: SourceBeads, number: number, stride: number, task: Task) {
    const { frame, time, path, within, trajectory } = await this.#sources.frame(opened.source, number, stride, task);
    const row = new Float64Array(3 * opened.mapping.beads.length);
    opened.read(frame, row, { path, frame: within });
    return { positions: Float32Array.from(row), time, trajectory };
  }
}
