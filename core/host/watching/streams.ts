/**
 * The host's side of all streams: which window looks at which job. Credit goes on to the thread of the job, which counts
 * it (watchers.ts) and drops what there is none for; here waits only what was granted before that thread was there.
 */
import { randomBytes } from 'node:crypto';
import { ErgodicError } from '../../errors.ts';
import type { Connection } from '../connection.ts';
import type { StreamKind } from '../contract.ts';
import type { ToJob } from '../jobs/messages.ts';

/** Streams of one window: it shows a few at a time. */
const MOST = 16;

interface OpenStream {
  readonly window: Connection;
  readonly job: string;
  readonly of: StreamKind;
  readonly replica: number;
  /** Frames granted before its job began. */
  early: number;
}

export class Streams {
  readonly #streams = new Map<string, OpenStream>();
  readonly #tell: (job: string, message: ToJob) => boolean;

  /** `tell`: to a job's thread; false where it is not at work. */
  constructor(tell: (job: string, message: ToJob) => boolean) {
    this.#tell = tell;
  }

  open(window: Connection, { job, of, replica }: Pick<OpenStream, 'job' | 'of' | 'replica'>): string {
    const own = [...this.#streams.values()].filter((one) => one.window === window);
    if (own.length >= MOST) throw new ErgodicError(`This window looks at ${MOST} things already: close some of them.`);
    const stream = `s${BigInt(`0x${randomBytes(10).toString('hex')}`).toString(36)}`;
    this.#streams.set(stream, { window, job, of, replica, early: 0 });
    this.#tell(job, { kind: 'watch', stream, of, replica });
    return stream;
  }

  close(window: Connection, stream: string): void {
    const found = this.#own(window, stream);
    if (!found) return;
    this.#streams.delete(stream);
    this.#tell(found.job, { kind: 'unwatch', stream });
  }

  /** A stream that is not there, or somebody else's, has just ended: nothing is wrong with that. */
  credit(window: Connection, stream: string, frames: number): void {
    const found = this.#own(window, stream);
    if (found && !this.#tell(found.job, { kind: 'credit', stream, frames })) found.early += frames;
  }

  frames(stream: string, frames: readonly unknown[], seconds: number): void {
    this.#streams.get(stream)?.window.frames(stream, frames, seconds);
  }

  /** Its thread is there, and hears who looks. */
  began(job: string): void {
    for (const [stream, open] of this.#of(job)) {
      const { of, replica, early } = open;
      open.early = 0;
      this.#tell(job, { kind: 'watch', stream, of, replica });
      if (early > 0) this.#tell(job, { kind: 'credit', stream, frames: early });
    }
  }

  ended(job: string): void {
    for (const [stream, { window }] of this.#of(job)) {
      this.#streams.delete(stream);
      window.end(stream);
    }
  }

  /** A window that is gone looks at nothing. */
  forget(window: Connection): void {
    for (const [stream, { window: own }] of [...this.#streams]) if (own === window) this.close(window, stream);
  }

  #own(window: Connection, stream: string): OpenStream | undefined {
    const found = this.#streams.get(stream);
    return found?.window === window ? found : undefined;
  }

  #of(job: string): [string, OpenStream][] {
    return [...this.#streams].filter(([, one]) => one.job === job);
  }
}
