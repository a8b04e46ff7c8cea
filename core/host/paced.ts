/** Work that is asked for often and done now and then: at once, and again when some time has gone by. */
export class Paced {
  readonly #milliseconds: number;
  readonly #work: () => void;
  #timer: NodeJS.Timeout | undefined;
  #isAsked = false;

  constructor(milliseconds: number, work: () => void) {
    this.#milliseconds = milliseconds;
    this.#work = work;
  }

  ask(): void {
    if (this.#timer) {
      this.#isAsked = true;
      return;
    }
    this.#isAsked = false;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isAsked) this.ask();
    }, this.#milliseconds);
    this.#work();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isAsked = false;
  }
}
