/**
 * A value and the ones it had before and after: undo goes back, redo forth. Changes under one mark that follow each
 * other quickly are one step (typing a number, dragging a slider). The clock is the caller's.
 */

const MOST_STEPS = 200;
const TOGETHER_MS = 1200;

interface Step<T> {
  readonly value: T;
  /** What changed from this value to the next one, in words. */
  readonly change: string;
}

export class History<T> {
  readonly present: T;
  readonly #past: readonly Step<T>[];
  readonly #future: readonly Step<T>[];
  readonly #mark: string | undefined;
  readonly #changed: number;

  private constructor(
    present: T,
    past: readonly Step<T>[],
    future: readonly Step<T>[],
    mark?: string,
    changed = Number.NEGATIVE_INFINITY,
  ) {
    this.present = present;
    this.#past = past;
    this.#future = future;
    this.#mark = mark;
    this.#changed = changed;
  }

  static of<T>(value: T): History<T> {
    return new History(value, [], []);
  }

  /** `mark`: changes of the same thing; without one each change is a step of its own. */
  to(value: T, change: string, now: number, mark?: string): History<T> {
    if (value === this.present) return this;
    const continues = mark !== undefined && mark === this.#mark && now - this.#changed < TOGETHER_MS;
    const past = continues ? this.#past : [...this.#past, { value: this.present, change }].slice(-MOST_STEPS);
    return new History(value, past, [], mark, now);
  }

  undone(): History<T> {
    const step = this.#past.at(-1);
    if (!step) return this;
    const undone = { value: this.present, change: step.change };
    return new History(step.value, this.#past.slice(0, -1), [...this.#future, undone]);
  }

  redone(): History<T> {
    const step = this.#future.at(-1);
    if (!step) return this;
    const done = { value: this.present, change: step.change };
    return new History(step.value, [...this.#past, done], this.#future.slice(0, -1));
  }

  /** What would be undone and done again, in words. */
  get undoes(): string | undefined {
    return this.#past.at(-1)?.change;
  }

  get redoes(): string | undefined {
    return this.#future.at(-1)?.change;
  }
}
