/**
 * One window at its host: checks each of its messages, finds the answer, sends it. A message that breaks the contract
 * gets a sentence where it can be answered at all, and changes nothing. Not here: any answer.
 */
import type { z } from 'zod';
import { ErgodicError, firstFailure } from '../errors.ts';
import {
  type Channel,
  type EventBody,
  type EventName,
  type FromHost,
  fromWindow,
  type RequestName,
  requests,
} from './contract.ts';
import type { HandlerContext, Handlers } from './handlers.ts';
import type { HostLog } from './host-log.ts';

/** Who asks, for the few answers that depend on it. */
export interface WindowContext extends HandlerContext {
  readonly window: Connection;
}

export type WindowHandlers<N extends RequestName> = {
  readonly [K in N]: (body: Parameters<Handlers<K>[K]>[0], context: WindowContext) => ReturnType<Handlers<K>[K]>;
};

export interface HostSide {
  readonly handlers: WindowHandlers<RequestName>;
  readonly log: HostLog;
  contextOf(window: Connection): WindowContext;
  /** So many more frames may come to this window's stream. */
  credit(window: Connection, stream: string, frames: number): void;
}

export class Connection {
  readonly #channel: Channel;
  readonly #host: HostSide;
  readonly #gone = new AbortController();

  constructor(channel: Channel, host: HostSide) {
    this.#channel = channel;
    this.#host = host;
    channel.onClose(() => this.#gone.abort(new ErgodicError('The window that asked was closed.')));
    channel.onMessage((message) => void this.#hear(message));
  }

  /** Aborted when the window is gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  tell<N extends EventName>(name: N, body: EventBody<N>): void {
    this.#send({ type: 'event', name, body });
  }

  frames(stream: string, frames: readonly unknown[], seconds: number): void {
    this.#send({ type: 'frames', stream, frames, seconds });
  }

  end(stream: string): void {
    this.#send({ type: 'end', stream });
  }

  close(): void {
    this.#channel.close();
  }

  #send(message: FromHost): void {
    if (!this.signal.aborted) this.#channel.send(message);
  }

  async #hear(message: unknown): Promise<void> {
    const id = idIn(message);
    try {
      const { data } = fromWindow.safeParse(message);
      if (!data) throw new ErgodicError('This message is not one that a window sends.');
      if (data.type === 'credit') this.#host.credit(this, data.stream, data.frames);
      else this.#send({ type: 'response', id: data.id, result: await this.#answer(data.name, data.body) });
    } catch (error) {
      if (id !== undefined) this.#send({ type: 'failure', id, message: this.#sentence(error) });
    }
  }

  async #answer(name: string, body: unknown): Promise<unknown> {
    if (!isRequest(name)) throw new ErgodicError('There is no such request.');
    const checked = parsed(name, body);
    if (!checked.success) throw new ErgodicError(`The request \`${name}\` is not understood${whereIn(checked.error)}.`);
    const handler = this.#host.handlers[name] as (body: unknown, context: WindowContext) => Promise<unknown>;
    return handler(checked.data, this.#host.contextOf(this));
  }

  #sentence(thrown: unknown): string {
    const error = firstFailure(thrown);
    if (error instanceof ErgodicError) return error.message.slice(0, LONGEST_SENTENCE);
    this.#host.log.defect(error);
    return `This is a bug in Ergodic, not your mistake; details are in \`${this.#host.log.path}\`.`;
  }
}

function parsed(name: RequestName, body: unknown) {
  try {
    // Throws where something refers to itself, or is nested without end.
    JSON.stringify(body);
    return requests[name].body.safeParse(body);
  } catch {
    throw new ErgodicError(`The request \`${name}\` is not understood: it is no plain data, or nested too deeply.`);
  }
}

const LONGEST_SENTENCE = 4000;

const isRequest = (name: string): name is RequestName => Object.hasOwn(requests, name);

/** Of a message that cannot be read as a whole, too: the sender wants to hear that it went wrong. */
function idIn(message: unknown): number | undefined {
  try {
    const { type, id } = message as { type?: unknown; id?: unknown };
    return type === 'request' && Number.isSafeInteger(id) && (id as number) >= 0 ? (id as number) : undefined;
  } catch {
    return undefined;
  }
}

/** Only keys that the contract itself knows are repeated. */
function whereIn({ issues }: z.ZodError): string {
  const [key] = issues[0]?.path ?? [];
  return typeof key === 'string' && /^[a-zA-Z]{1,20}$/.test(key) ? `: \`${key}\` is wrong or missing` : '';
}
