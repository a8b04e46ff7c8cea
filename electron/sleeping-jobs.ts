/**
 * Jobs of a machine that goes to sleep: paused before, so that what they have is stored should the power end, and
 * resumed after. Talks to the host as a window does. A job that a person paused stays paused.
 */
import type { Channel, Job } from '../core/host/contract.ts';

export class SleepingJobs {
  readonly #channel: Channel;
  /** Paused by us, and not yet at work again. */
  readonly #ours = new Set<string>();
  #isAwake = true;
  #jobs: readonly Job[] = [];
  #asked = 0;

  /** `onEvent` is called whenever the host has told something. */
  constructor(channel: Channel, onEvent: () => void) {
    this.#channel = channel;
    channel.onMessage((message) => {
      const { type, name, body } = message as { type: string; name?: string; body?: unknown };
      if (type !== 'event') return;
      if (name === 'jobs.changed') this.#jobs = (body as { jobs: readonly Job[] }).jobs;
      if (this.#isAwake) this.#resumeOurs();
      onEvent();
    });
  }

  sleep(): void {
    this.#isAwake = false;
    for (const { id, state } of this.#jobs) {
      if (state !== 'running') continue;
      this.#ours.add(id);
      this.#request('jobs.pause', id);
    }
  }

  wake(): void {
    this.#isAwake = true;
    this.#resumeOurs();
  }

  /** One that is still about to pause is resumed when it has; one that has ended instead is not ours any more. */
  #resumeOurs(): void {
    for (const { id, state } of this.#jobs) {
      if (!this.#ours.has(id) || state === 'running' || state === 'pausing') continue;
      this.#ours.delete(id);
      if (state === 'paused') this.#request('jobs.resume', id);
    }
  }

  #request(name: 'jobs.pause' | 'jobs.resume', job: string): void {
    this.#channel.send({ type: 'request', id: this.#asked++, name, body: { job } });
  }
}
