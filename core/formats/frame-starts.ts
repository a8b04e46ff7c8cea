/**
 * Where the frames of a file begin, in a list that stays short however many they are: each of them up to some millions,
 * beyond that every second, fourth, eighth, …; one in between is reached by walking (frame-scan.ts).
 * Kept between openings as numbers (`OpenOptions.index`): the starts and the end of the last frame; where they are not
 * those of every frame, two more numbers in front, −1 times how many frames each stands for and how many there are.
 */

/** 16 MB. */
export const MOST_STARTS = 2 ** 21;

export class FrameStarts {
  /** Of how many frames the first one has its start in the list. */
  every = 1;
  /** How many there are. */
  frames = 0;
  readonly #most: number;
  /** With room at its end. */
  #numbers: Float64Array = new Float64Array(1024);
  #end = 0;
  #kept: Float64Array | undefined;

  /** `most`: how long the list may be, an even number. */
  constructor(most = MOST_STARTS) {
    this.#most = most;
  }

  /** Undefined where the numbers cannot be those of any file of this size. */
  static from(kept: Float64Array, size: number, most = MOST_STARTS): FrameStarts | undefined {
    const starts = new FrameStarts(most);
    const sparse = kept[0]! < 0;
    const numbers = kept.subarray(sparse ? 2 : 0);
    const count = numbers.length - 1;
    starts.every = sparse ? -kept[0]! : 1;
    starts.frames = sparse ? kept[1]! : count;
    starts.#end = numbers[count] ?? Number.NaN;
    const { every, frames } = starts;
    const whole = Number.isSafeInteger(every) && Number.isSafeInteger(frames);
    if (!whole || count < 1 || Math.ceil(frames / every) !== count || numbers[0] !== 0 || !(starts.end <= size)) {
      return undefined;
    }
    // Frames are left out of a long list only.
    if (count > most || (sparse && 2 * count < most)) return undefined;
    for (let i = 0; i < count; i++) {
      if (!(numbers[i + 1]! > numbers[i]!) || !Number.isInteger(numbers[i + 1]!)) return undefined;
    }
    starts.#numbers = numbers;
    starts.#kept = kept;
    return starts;
  }

  /** Where the last one ends. */
  get end(): number {
    return this.#end;
  }

  set end(position: number) {
    if (position === this.#end) return;
    if (this.#kept) this.#makeRoom();
    this.#end = position;
  }

  /** Whether all frames have the same length, as far as the list tells. */
  get alike(): boolean {
    const groups = Math.ceil(this.frames / this.every);
    const bytes = this.end / this.frames;
    for (let group = 0; group < groups; group++) {
      if (this.#numbers[group] !== group * this.every * bytes) return false;
    }
    return true;
  }

  add(position: number): void {
    if (this.#kept) this.#makeRoom();
    if (this.frames % this.every === 0) {
      if (this.frames / this.every >= this.#most) this.#halve();
      const group = this.frames / this.every;
      if (group >= this.#numbers.length) this.#makeRoom();
      this.#numbers[group] = position;
    }
    this.frames++;
  }

  /** Of the last frame at or before this one that is in the list. */
  before(frame: number): number {
    return this.#numbers[Math.floor(frame / this.every)]!;
  }

  toKeep(): Float64Array {
    if (this.#kept) return this.#kept;
    const count = Math.ceil(this.frames / this.every);
    const head = this.every === 1 ? [] : [-this.every, this.frames];
    const kept = new Float64Array(head.length + count + 1);
    kept.set(head);
    kept.set(this.#numbers.subarray(0, count), head.length);
    kept[kept.length - 1] = this.end;
    this.#kept = kept;
    return kept;
  }

  #halve(): void {
    for (let group = 0; 2 * group < this.#most; group++) this.#numbers[group] = this.#numbers[2 * group]!;
    this.every *= 2;
  }

  /** In an array of its own: what was kept before is not written to. */
  #makeRoom(): void {
    const count = Math.ceil(this.frames / this.every);
    const larger = new Float64Array(Math.max(1024, Math.min(this.#most, 2 * count)));
    larger.set(this.#numbers.subarray(0, count));
    this.#numbers = larger;
    this.#kept = undefined;
  }
}
