/**
 * The main process's end of the line to the host: starts the host's process, introduces windows to it and steps aside,
 * asks it to grant what a person has chosen. When that process dies everybody hears a sentence, and it can be started
 * again; jobs are found where they were last stored.
 */
import type { FileEntry } from '../core/host/contract.ts';
import type { HostOptions } from '../core/host/host-services.ts';
import type { FromHost, ToHost } from './host-messages.ts';

/** Electron's UtilityProcess. */
export interface HostProcess<Port> {
  postMessage(message: unknown, ports?: Port[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  kill(): boolean;
}

export interface HostLinkOptions<Port> {
  readonly host: HostOptions;
  start(): HostProcess<Port>;
  /** It ended though nobody told it to; not called where it never began, which `start` says. */
  onCrash(code: number): void;
  onBusy(busy: boolean): void;
  /** A way to the GPU. */
  lendGpu(): Promise<Port>;
}

const STOPPED = 'The part of Ergodic that computes has stopped: start it again, and resume what it was at.';
/** A job pauses at the next checkpoint; a machine that shuts down does not wait for ever. */
const CLOSE_MS = 30_000;

interface Running<Port> {
  readonly process: HostProcess<Port>;
  readonly ready: Promise<void>;
}

export class HostLink<Port> {
  readonly #options: HostLinkOptions<Port>;
  readonly #asked = new Map<number, { resolve(message: FromHost): void; reject(error: Error): void }>();
  #running: Running<Port> | undefined;
  #next = 0;
  #busy = false;
  #isClosing = false;

  constructor(options: HostLinkOptions<Port>) {
    this.#options = options;
  }

  /** Jobs are at work. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Resolves when windows may connect; also after a crash. */
  start(): Promise<void> {
    this.#running ??= this.#begin();
    return this.#running.ready;
  }

  /** A window's port. */
  async connect(port: Port): Promise<void> {
    const { process } = await this.#ready();
    this.#post(process, { kind: 'window' }, [port]);
  }

  async grant(paths: readonly string[]): Promise<readonly FileEntry[]> {
    const answer = await this.#ask((id) => ({ kind: 'grant', id, paths }));
    return answer.kind === 'granted' ? answer.files : [];
  }

  async pathOf(file: string): Promise<string> {
    const answer = await this.#ask((id) => ({ kind: 'path', id, file }));
    return answer.kind === 'path' ? answer.path : '';
  }

  tell(kind: 'sleep' | 'wake'): void {
    if (this.#running) this.#post(this.#running.process, { kind });
  }

  /** Jobs pause where they can go on from; resolves when the process is gone. */
  close(patience = CLOSE_MS): Promise<void> {
    this.#isClosing = true;
    const process = this.#running?.process;
    if (!process) return Promise.resolve();
    return new Promise((resolve) => {
      const impatient = setTimeout(() => process.kill(), patience);
      process.on('exit', () => {
        clearTimeout(impatient);
        resolve();
      });
      this.#post(process, { kind: 'close' });
    });
  }

  #begin(): Running<Port> {
    const process = this.#options.start();
    let wasReady = false;
    const ready = new Promise<void>((resolve, reject) => {
      process.on('message', (data) => {
        const message = data as FromHost;
        if (message.kind === 'ready') {
          wasReady = true;
          resolve();
        } else if (message.kind === 'failed') reject(new Error(message.message));
        else if (message.kind === 'busy') this.#setBusy(message.busy);
        else if (message.kind === 'gpu') void this.#lendGpu(process, message.id);
        else this.#settle(message);
      });
      process.on('exit', (code) => {
        this.#running = undefined;
        reject(new Error(STOPPED));
        for (const { reject: refuse } of this.#asked.values()) refuse(new Error(STOPPED));
        this.#asked.clear();
        this.#setBusy(false);
        if (wasReady && !this.#isClosing) this.#options.onCrash(code);
      });
    });
    // Those that wait for it hear of a failure.
    ready.catch(() => undefined);
    this.#post(process, { kind: 'open', options: this.#options.host });
    return { process, ready };
  }

  async #ready(): Promise<Running<Port>> {
    const running = this.#running;
    if (!running) throw new Error(STOPPED);
    await running.ready;
    return running;
  }

  async #ask(question: (id: number) => ToHost): Promise<FromHost> {
    const { process } = await this.#ready();
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject });
      this.#post(process, question(id));
    });
  }

  async #lendGpu(process: HostProcess<Port>, id: number): Promise<void> {
    const port = await this.#options.lendGpu().catch(() => undefined);
    this.#post(process, { kind: 'gpu', id }, port === undefined ? [] : [port]);
  }

  #settle(message: Extract<FromHost, { id: number }>): void {
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    if (message.kind === 'refused') asked?.reject(new Error(message.message));
    else asked?.resolve(message);
  }

  #setBusy(busy: boolean): void {
    if (busy === this.#busy) return;
    this.#busy = busy;
    this.#options.onBusy(busy);
  }

  #post(process: HostProcess<Port>, message: ToHost, ports?: Port[]): void {
    process.postMessage(message, ports);
  }
}
