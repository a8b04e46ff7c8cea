/**
 * For tests only: a window without a face. It asks a host through a channel, checks that every answer, event and frame
 * is what the contract says, and remembers what it was told. And a host in a home of its own, that vanishes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import {
  type Channel,
  type EventBody,
  type EventName,
  events,
  type FromHost,
  type Job,
  type RequestBody,
  type RequestName,
  type Result,
  requests,
  streams,
} from './contract.ts';
import { Host } from './host.ts';
import type { HostOptions } from './host-services.ts';
import { channelPair } from './transports/in-process.ts';

type Waiting = { resolve: (result: unknown) => void; reject: (error: Error) => void };

export class TestWindow {
  readonly channel: Channel;
  readonly told: { name: EventName; body: unknown }[] = [];
  readonly frames = new Map<string, unknown[]>();
  readonly ended = new Set<string>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<() => void>();
  #next = 0;

  /** By way of a transport, or straight to a host. */
  constructor(to: Channel | Host) {
    const [own, far] = to instanceof Host ? channelPair() : [to];
    this.channel = own;
    own.onMessage((message) => this.#hear(message as FromHost));
    if (to instanceof Host) to.connect(far!);
  }

  async ask<N extends RequestName>(name: N, body: RequestBody<N>): Promise<Result<N>> {
    const id = this.#next++;
    const answer = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.channel.send({ type: 'request', id, name, body });
    return requests[name].result.parse(await answer) as Result<N>;
  }

  credit(stream: string, frames: number): void {
    this.channel.send({ type: 'credit', stream, frames });
  }

  /** All events of a kind so far. */
  heard<N extends EventName>(name: N): EventBody<N>[] {
    return this.told.filter((event) => event.name === name).map(({ body }) => body as EventBody<N>);
  }

  /** As soon as `found` finds something, looked for after every message. */
  until<R>(found: () => R | undefined | false): Promise<R> {
    return new Promise((resolve, reject) => {
      const look = () => {
        try {
          const result = found();
          if (result === undefined || result === false) return;
          this.#listeners.delete(look);
          resolve(result);
        } catch (error) {
          this.#listeners.delete(look);
          reject(error);
        }
      };
      this.#listeners.add(look);
      look();
    });
  }

  /** The job as it was last told, once it is in one of these states. */
  jobIn(id: string, ...states: Job['state'][]): Promise<Job> {
    const before = this.heard('jobs.changed').length;
    return this.until(() => {
      const told = this.heard('jobs.changed');
      const job = told.at(-1)?.jobs.find((one) => one.id === id);
      const isNews = told.length > before;
      if (isNews && job?.state === 'failed' && !states.includes('failed')) throw new Error(job.message);
      return job && states.includes(job.state) ? job : undefined;
    });
  }

  close(): void {
    this.channel.close();
  }

  #hear(message: FromHost): void {
    if (message.type === 'response') this.#waiting.get(message.id)?.resolve(message.result);
    else if (message.type === 'failure') this.#waiting.get(message.id)?.reject(new Error(message.message));
    else if (message.type === 'event') {
      this.told.push({ name: message.name, body: events[message.name].parse(message.body) });
    } else if (message.type === 'frames') {
      const frames = message.frames.map((frame) => streams.simulation.or(streams.samples).parse(frame));
      this.frames.set(message.stream, [...(this.frames.get(message.stream) ?? []), ...frames]);
    } else this.ended.add(message.stream);
    for (const look of [...this.#listeners]) look();
  }
}

export const resources = fileURLToPath(new URL('../../resources', import.meta.url));

/** A host in a home of its own; `home` says where. A defect that it has logged fails the test. */
export async function temporaryHost(options: Partial<HostOptions> = {}) {
  const folder = temporaryFolder();
  const host = await Host.open({ shell: 'browser', version: '0.0.0', home: folder.in('home'), resources, ...options });
  const dispose = async () => {
    await host[Symbol.asyncDispose]();
    const log = join(folder.in('home'), 'host.log');
    const defects = existsSync(log) ? readFileSync(log, 'utf8') : '';
    folder[Symbol.dispose]();
    if (defects !== '') throw new Error(defects);
  };
  return {
    host,
    home: folder.in('home'),
    in: folder.in,
    window: () => new TestWindow(host),
    [Symbol.asyncDispose]: dispose,
  };
}
