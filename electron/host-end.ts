/**
 * The host's process, at its own end of the line to the main process: opens the host, connects windows as their ports
 * come, says what is asked. Not here: the process itself (host-process.ts), and what windows ask of the host.
 */
import type { Channel } from '../core/host/contract.ts';
import { Host } from '../core/host/host.ts';
import type { HostOptions } from '../core/host/host-services.ts';
import { channelPair } from '../core/host/transports/in-process.ts';
import { messagePortChannel, type PortLike } from '../core/host/transports/message-port.ts';
import type { FromHost, ToHost } from './host-messages.ts';
import { SleepingJobs } from './sleeping-jobs.ts';

/** Electron's `process.parentPort`. */
export interface ParentPortLike {
  on(event: 'message', listener: (event: { data: unknown; ports: readonly PortLike[] }) => void): unknown;
  postMessage(message: unknown): void;
}

/** Resolves when the host has been closed, or could not be opened. */
export function serveHost(parent: ParentPortLike): Promise<void> {
  return new Promise((resolve) => {
    let end: Promise<HostEnd> | undefined;
    parent.on('message', ({ data, ports: [port] }) => {
      const message = data as ToHost;
      if (message.kind === 'open') {
        end = HostEnd.open(message.options, parent);
        end.catch((error: unknown) => {
          tell(parent, { kind: 'failed', message: sentenceOf(error) });
          resolve();
        });
        return;
      }
      // What comes before the host is there waits for it.
      end?.then(
        async (opened) => {
          if (message.kind !== 'close') return opened.hear(message, port);
          await opened.close();
          resolve();
        },
        () => undefined,
      );
    });
  });
}

class HostEnd {
  readonly #host: Host;
  readonly #parent: ParentPortLike;
  readonly #jobs: SleepingJobs;
  readonly #gpus: LentGpus;
  #busy = false;

  private constructor(host: Host, parent: ParentPortLike, gpus: LentGpus) {
    this.#host = host;
    this.#parent = parent;
    this.#gpus = gpus;
    const [own, hosts] = channelPair();
    host.connect(hosts);
    this.#jobs = new SleepingJobs(own, () => this.#tellBusy());
  }

  static async open(options: HostOptions, parent: ParentPortLike): Promise<HostEnd> {
    const gpus = new LentGpus(parent);
    const host = await Host.open(options, { lendGpu: () => gpus.ask() });
    const end = new HostEnd(host, parent, gpus);
    tell(parent, { kind: 'ready' });
    return end;
  }

  hear(message: Exclude<ToHost, { kind: 'open' | 'close' }>, port: PortLike | undefined): void {
    if (message.kind === 'window') {
      if (port) this.#host.connect(messagePortChannel(port));
    } else if (message.kind === 'gpu') this.#gpus.hear(message.id, port);
    else if (message.kind === 'sleep') this.#jobs.sleep();
    else if (message.kind === 'wake') this.#jobs.wake();
    else void this.#answer(message);
  }

  async close(): Promise<void> {
    await this.#host[Symbol.asyncDispose]();
  }

  async #answer(message: Extract<ToHost, { kind: 'grant' | 'path' }>): Promise<void> {
    const { id } = message;
    try {
      if (message.kind === 'grant') {
        tell(this.#parent, { kind: 'granted', id, files: await this.#host.grant(message.paths) });
      } else tell(this.#parent, { kind: 'path', id, path: this.#host.pathOf(message.file) });
    } catch (error) {
      tell(this.#parent, { kind: 'refused', id, message: sentenceOf(error) });
    }
  }

  #tellBusy(): void {
    const { busy } = this.#host;
    if (busy !== this.#busy) tell(this.#parent, { kind: 'busy', busy });
    this.#busy = busy;
  }
}

/** Ways to the GPU, which is in a window and comes by way of the main process. */
class LentGpus {
  readonly #parent: ParentPortLike;
  readonly #asked = new Map<number, (port: PortLike | undefined) => void>();
  #next = 0;

  constructor(parent: ParentPortLike) {
    this.#parent = parent;
  }

  async ask(): Promise<Channel> {
    const id = this.#next++;
    const port = await new Promise<PortLike | undefined>((resolve) => {
      this.#asked.set(id, resolve);
      tell(this.#parent, { kind: 'gpu', id });
    });
    if (!port) throw new Error('There is no window to lend a GPU.');
    return messagePortChannel(port);
  }

  hear(id: number, port: PortLike | undefined): void {
    this.#asked.get(id)?.(port);
    this.#asked.delete(id);
  }
}

const tell = (parent: ParentPortLike, message: FromHost): void => parent.postMessage(message);

const sentenceOf = (error: unknown): string =>
  error instanceof Error && error.name === 'ErgodicError'
    ? error.message
    : `This is a bug in Ergodic, not your mistake: ${error instanceof Error ? error.message : String(error)}`;
