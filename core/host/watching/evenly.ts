/**
 * Things that come in bunches, handed on one by one in the time until the next bunch: what a person sees then moves
 * evenly. What is late is handed on at once.
 */
export class Evenly<T> {
  readonly #hand: (item: T) => void;
  #waiting: T[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(hand: (item: T) => void) {
    this.#hand = hand;
  }

  /** Over so many seconds; the first at once. */
  put(items: readonly T[], seconds: number): void {
    this.flush();
    this.#waiting = [...items];
    const between = (1000 * seconds) / Math.max(1, items.length);
    const start = performance.now();
    let handed = 0;
    const next = () => {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      handed++;
      if (this.#waiting.length > 0)
        this.#timer = setTimeout(next, Math.max(0, start + handed * between - performance.now()));
      this.#hand(item);
    };
    next();
  }

  flush(): void {
    clearTimeout(this.#timer);
    for (const item of this.#waiting.splice(0)) this.#hand(item);
  }
}
