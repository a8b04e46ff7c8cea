/**
 * What an energy strip has to show of a simulation: time, potential energy and temperature of its last frames, and of
 * all of it more coarsely. Owned by the receiver of the stream, so that it outlives the strip on the screen; its memory
 * does not grow.
 */
import { RingBuffer } from './ring-buffer.ts';
import { WholeRecord } from './whole-record.ts';

const RECENT = 600;
/** Even, as means are taken of two. */
const WHOLE = 800;

export class EnergyRecord {
  readonly #recent = new RingBuffer(3, RECENT);
  readonly #whole = new WholeRecord(3, WHOLE);
  /** Grows with every frame: what reads it in an effect is run again. */
  version = $state(0);

  /** ps; kT; K, or kT for a toy. What was not computed is undefined. */
  push(time: number, energy: number | undefined, temperature: number | undefined): void {
    const row = [time, energy ?? Number.NaN, temperature ?? Number.NaN];
    this.#recent.push(row);
    this.#whole.push(row);
    this.version++;
  }

  clear(): void {
    this.#recent.clear();
    this.#whole.clear();
    this.version++;
  }

  columns(span: 'recent' | 'all'): { time: Float64Array; energy: Float64Array; temperature: Float64Array } {
    const from = span === 'recent' || this.#whole.length < 2 ? this.#recent : this.#whole;
    return { time: from.column(0), energy: from.column(1), temperature: from.column(2) };
  }
}
