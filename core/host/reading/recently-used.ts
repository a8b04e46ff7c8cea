/** The few things that were used last, by a key that says all that they depend on; the oldest give way to new ones. */
export class RecentlyUsed<V> {
  readonly #room: number;
  readonly #sizeOf: (value: V) => number;
  /** In the order of use. */
  readonly #entries = new Map<string, V>();

  /** `room`: of the sizes of all that is kept; the newest stays whatever its size. */
  constructor(room: number, sizeOf: (value: V) => number = () => 1) {
    this.#room = room;
    this.#sizeOf = sizeOf;
  }

  async get(key: string, make: () => Promise<V>): Promise<V> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const made = await make();
    this.#entries.set(key, made);
    this.#makeRoom();
    return made;
  }

  #makeRoom(): void {
    let size = 0;
    for (const value of this.#entries.values()) size += this.#sizeOf(value);
    for (const [key, value] of this.#entries) {
      if (size <= this.#room || this.#entries.size === 1) return;
      size -= this.#sizeOf(value);
      this.#entries.delete(key);
    }
  }
}
