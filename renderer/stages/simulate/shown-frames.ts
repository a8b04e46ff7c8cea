/**
 * The last frames of a running simulation that were shown, for going back while it runs: stored frames can be read only
 * when it is done. Room for so many is taken once and does not grow.
 */
const MOST_BYTES = 16 * 2 ** 20;
const MOST_FRAMES = 1500;

export interface ShownFrame {
  readonly step: number;
  /** ps. */
  readonly time: number;
  /** nm; good until the frame is overwritten. */
  readonly positions: Float32Array;
}

export class ShownFrames {
  #positions = new Float32Array();
  #steps = new Float64Array();
  #times = new Float64Array();
  #size = 0;
  #capacity = 0;
  #first = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(step: number, time: number, positions: Float32Array): void {
    if (positions.length !== this.#size) this.#begin(positions.length);
    const place = (this.#first + this.#length) % this.#capacity;
    if (this.#length === this.#capacity) this.#first = (this.#first + 1) % this.#capacity;
    else this.#length++;
    this.#positions.set(positions, place * this.#size);
    this.#steps[place] = step;
    this.#times[place] = time;
  }

  /** 0 is the oldest. */
  at(index: number): ShownFrame | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    const place = (this.#first + index) % this.#capacity;
    const positions = this.#positions.subarray(place * this.#size, (place + 1) * this.#size);
    return { step: this.#steps[place]!, time: this.#times[place]!, positions };
  }

  clear(): void {
    this.#first = 0;
    this.#length = 0;
  }

  #begin(size: number): void {
    this.#size = size;
    this.#capacity = Math.max(2, Math.min(MOST_FRAMES, Math.floor(MOST_BYTES / (4 * Math.max(1, size)))));
    this.#positions = new Float32Array(size * this.#capacity);
    this.#steps = new Float64Array(this.#capacity);
    this.#times = new Float64Array(this.#capacity);
    this.clear();
  }
}
