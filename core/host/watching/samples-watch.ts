/** Samples as a window sees them while they are drawn: the last few, superposed, and all of them in the plane. */
import { dimensionOf } from '../../runs/data/run-system.ts';
import type { SamplingView, Spectator } from '../../runs/spectator.ts';
import { move, superpose } from '../../systems/superpose.ts';
import type { StreamFrame } from '../contract.ts';
import { PlaneCounts } from './plane-counts.ts';
import type { Watchers } from './watchers.ts';

/** Shown at once. */
const SHOWN = 12;
/** Seconds of counting for one picture. */
const COUNTING = 0.1;

type Scene = Parameters<Spectator['sampling']>[0];

export class SamplesWatch implements SamplingView {
  readonly #scene: Scene;
  readonly #watchers: Watchers;
  readonly #show: (stream: string, frame: StreamFrame<'samples'>) => void;
  readonly #counts: PlaneCounts | undefined;

  constructor(scene: Scene, watchers: Watchers, show: (stream: string, frame: StreamFrame<'samples'>) => void) {
    this.#scene = scene;
    this.#watchers = watchers;
    this.#show = show;
    this.#counts = scene.made && new PlaneCounts(scene.system, scene.made);
  }

  async see(rows: Float32Array, done: number): Promise<void> {
    if (!this.#watchers.wants('samples')) return;
    await this.#counts?.catchUp(COUNTING);
    const counts = this.#counts ? { counts: this.#counts.counts } : {};
    const positions = this.#lastOf(rows);
    for (const { stream, dropped } of this.#watchers.served('samples')) {
      this.#show(stream, { done, positions, dropped, ...counts });
    }
  }

  #lastOf(rows: Float32Array): Float32Array<ArrayBuffer> {
    const { system } = this.#scene;
    const dimension = dimensionOf(system);
    const last: Float32Array[] = [];
    for (let end = rows.length; end > 0 && last.length < SHOWN; end -= dimension) {
      const row = rows.slice(end - dimension, end);
      if (row.every(Number.isFinite)) last.push(row);
    }
    const [first] = last;
    if (first && system.topology) for (const row of last) move(superpose(row, first), row, row);
    const positions = new Float32Array(last.length * dimension);
    for (const [i, row] of last.entries()) positions.set(row, i * dimension);
    return positions;
  }
}
