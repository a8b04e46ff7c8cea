/**
 * Two ends of a channel in one process, for a host and a window that live in the same one: tests, and programs that
 * use a host as a library. Messages are copied as between processes and arrive in a later turn of the event loop.
 */
import type { Channel } from '../contract.ts';

export function channelPair(): [Channel, Channel] {
  const [first, second] = [new End(), new End()];
  first.other = second;
  second.other = first;
  return [first, second];
}

class End implements Channel {
  other!: End;
  #isOpen = true;
  #listener: ((message: unknown) => void) | undefined;
  readonly #early: unknown[] = [];
  readonly #closed: (() => void)[] = [];

  send(message: unknown): void {
    if (!this.#isOpen) return;
    const copy = structuredClone(message);
    setImmediate(() => this.other.#receive(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    for (const message of this.#early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.#isOpen) this.#closed.push(listener);
    else listener();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#end();
    // After the messages that are on their way.
    setImmediate(() => this.other.#end());
  }

  #receive(message: unknown): void {
    if (!this.#isOpen) return;
    if (this.#listener) this.#listener(message);
    else this.#early.push(message);
  }

  #end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const listener of this.#closed.splice(0)) listener();
  }
}
