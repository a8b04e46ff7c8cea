/**
 * The window's end of the contract: requests with their types, events, frame streams, and a connection that is made
 * again when it was lost. Failures are `HostFailure`s whose message is a sentence for a person.
 * Not here: what travels (core/host/contract.ts), how (renderer/connect/), or what anybody does with it.
 */
import type {
  Channel,
  EventBody,
  EventName,
  FromHost,
  RequestBody,
  RequestName,
  Result,
  StreamFrame,
  StreamKind,
} from '../../core/host/contract.ts';
import { FrameStream, type OpenedStream, type StreamRequest, type StreamWatcher } from './frame-stream.ts';

/** What the host, or the way to it, has to say to a person. */
export class HostFailure extends Error {
  override readonly name = 'HostFailure';
  /** There was no way to the host; asked again later, it may answer. */
  readonly isLost: boolean;

  constructor(message: string, isLost = false) {
    super(message);
    this.isLost = isLost;
  }
}

/** `lost`: it was open, and is being made again. */
export type Link = 'opening' | 'open' | 'lost' | 'closed';

interface Waiting {
  settle(result: unknown): void;
  fail(error: HostFailure): void;
}

const LOST = 'The connection to the host was lost before it answered. It is being restored; then try again.';
const NOT_OPEN = 'There is no connection to the host at the moment. It is being restored; then try again.';
const RETRY_MS = [250, 500, 1000, 2000, 4000];

export class Client {
  readonly #connect: () => Promise<Channel>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<EventName, Set<(body: never) => void>>();
  readonly #linkListeners = new Set<(link: Link, problem?: string) => void>();
  readonly #streams = new Map<string, FrameStream>();
  #channel: Channel | undefined;
  #link: Link = 'opening';
  #nextId = 0;

  constructor(connect: () => Promise<Channel>) {
    this.#connect = connect;
  }

  /** Opens the connection for the first time; rejects with a sentence where that does not work. */
  async open(): Promise<void> {
    this.#take(await this.#connect());
  }

  close(): void {
    this.#tell('closed');
    this.#channel?.close();
    this.#drop();
  }

  /** Hears `open` after each reconnection, too: what the window knows is to be asked for again. */
  onLink(listener: (link: Link, problem?: string) => void): () => void {
    this.#linkListeners.add(listener);
    return () => void this.#linkListeners.delete(listener);
  }

  on<N extends EventName>(name: N, listener: (body: EventBody<N>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener as (body: never) => void);
    return () => void listeners.delete(listener as (body: never) => void);
  }

  request<N extends RequestName>(name: N, body: RequestBody<N>): Promise<Result<N>> {
    return new Promise((resolve, reject) => {
      this.#ask(name, body, { settle: (result) => resolve(result as Result<N>), fail: reject });
    });
  }

  /**
   * Frames as they come, at most one for each picture that the window draws; the newest wins. Returns how to stop.
   * What is drawn from them lives in the watcher; nothing is kept here.
   */
  watch<K extends StreamKind>(body: StreamRequest<K>, watcher: StreamWatcher<K>): () => void {
    let stream: FrameStream | undefined;
    let stopped = false;
    const stop = (id: string) => this.request('stream.close', { stream: id }).catch(() => undefined);
    this.#ask('stream.open', body, {
      // At once, not in a promise's later turn: frames may be the next thing that comes.
      settle: (result) => {
        const opened = result as OpenedStream;
        if (stopped) {
          void stop(opened.stream);
          return;
        }
        stream = new FrameStream(watcher, (frames) => this.#send({ type: 'credit', stream: opened.stream, frames }));
        this.#streams.set(opened.stream, stream);
        watcher.onOpen?.(opened);
        stream.begin();
      },
      fail: (error) => {
        if (!stopped) watcher.onEnd?.(error);
      },
    });
    return () => {
      stopped = true;
      stream?.end();
      for (const [id, open] of this.#streams) {
        if (open !== stream) continue;
        this.#streams.delete(id);
        void stop(id);
      }
    };
  }

  #ask(name: RequestName, body: unknown, waiting: Waiting): void {
    if (!this.#channel) {
      waiting.fail(new HostFailure(NOT_OPEN, true));
      return;
    }
    const id = this.#nextId++;
    this.#waiting.set(id, waiting);
    this.#send({ type: 'request', id, name, body });
  }

  #send(message: unknown): void {
    this.#channel?.send(message);
  }

  #take(channel: Channel): void {
    if (this.#link === 'closed') {
      channel.close();
      return;
    }
    this.#channel = channel;
    channel.onMessage((message) => {
      if (channel === this.#channel) this.#hear(message as FromHost);
    });
    channel.onClose(() => {
      if (channel !== this.#channel) return;
      this.#drop();
      if (this.#link !== 'closed') void this.#reconnect();
    });
    this.#tell('open');
  }

  #hear(message: FromHost): void {
    switch (message.type) {
      case 'response':
      case 'failure': {
        const waiting = this.#waiting.get(message.id);
        this.#waiting.delete(message.id);
        if (message.type === 'response') waiting?.settle(message.result);
        else waiting?.fail(new HostFailure(message.message));
        return;
      }
      case 'event':
        for (const listener of this.#listeners.get(message.name) ?? []) listener(message.body as never);
        return;
      case 'frames':
        this.#streams.get(message.stream)?.take(message.frames as StreamFrame<StreamKind>[], message.seconds);
        return;
      case 'end': {
        const stream = this.#streams.get(message.stream);
        this.#streams.delete(message.stream);
        stream?.finish();
      }
    }
  }

  /** All that waits for the channel that is gone. */
  #drop(): void {
    this.#channel = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { fail } of waiting) fail(new HostFailure(LOST, true));
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) stream.finish(new HostFailure(LOST, true));
  }

  async #reconnect(): Promise<void> {
    this.#tell('lost');
    for (let attempt = 0; this.#link === 'lost'; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
      if (this.#link !== 'lost') return;
      try {
        this.#take(await this.#connect());
      } catch (error) {
        this.#tell('lost', error instanceof Error ? error.message : undefined);
      }
    }
  }

  #tell(link: Link, problem?: string): void {
    this.#link = link;
    for (const listener of this.#linkListeners) listener(link, problem);
  }
}
