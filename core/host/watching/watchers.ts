/**
 * Who looks at a job, and how much they have asked for: each stream has the credit that its window gave it, and what
 * there is no credit for is dropped and counted. Credit is counted here and nowhere else: here is what it costs to make a
 * frame. Not here: what is seen.
 */
import type { StreamKind } from '../contract.ts';

/** Frames that a window may have asked for and not got yet. */
const MOST_CREDIT = 10_000;

export interface Watcher {
  readonly stream: string;
  readonly of: StreamKind;
  readonly replica: number;
}

interface Account extends Watcher {
  credit: number;
  dropped: number;
}

export class Watchers {
  readonly #accounts = new Map<string, Account>();

  add({ stream, of, replica }: Watcher): void {
    this.#accounts.set(stream, { stream, of, replica, credit: 0, dropped: 0 });
  }

  remove(stream: string): void {
    this.#accounts.delete(stream);
  }

  credit(stream: string, frames: number): void {
    const account = this.#accounts.get(stream);
    if (account) account.credit = Math.min(MOST_CREDIT, account.credit + frames);
  }

  /** Whether a frame would reach anybody. */
  wants(of: StreamKind): boolean {
    for (const account of this.#accounts.values()) if (account.of === of && account.credit > 0) return true;
    return false;
  }

  /** What those look at that would get a frame now. */
  replicas(of: StreamKind): Set<number> {
    const looking = [...this.#accounts.values()].filter((account) => account.of === of && account.credit > 0);
    return new Set(looking.map(({ replica }) => replica));
  }

  /** Who gets some of the next `frames`: how many, which are paid for, and how many were missed before. */
  *served(of: StreamKind, frames = 1): Generator<Watcher & { readonly granted: number; readonly dropped: number }> {
    for (const account of this.#accounts.values()) {
      if (account.of !== of) continue;
      if (account.credit === 0) {
        account.dropped += frames;
        continue;
      }
      const granted = Math.min(frames, account.credit);
      account.credit -= granted;
      const { stream, replica, dropped } = account;
      account.dropped = 0;
      yield { stream, of, replica, granted, dropped };
    }
  }
}
