/**
 * The life of the desktop: from its start to its end, with what happens on the way: a window is closed while the host
 * computes, the host or a page dies, the machine goes to sleep. Says what is to be done through `DesktopParts`, which
 * main.ts makes of Electron and a test of a stand-in.
 */
import type { ShellCommand } from '../renderer/connect/shell-command.ts';
import type { HostLink } from './host-link.ts';
import {
  closeWhileBusy,
  hostCrashed,
  hostUnavailable,
  pageCrashed,
  pageUnresponsive,
  type Question,
} from './questions.ts';

/** Electron's BrowserWindow. */
export interface DesktopWindow {
  on(event: 'close', listener: (event: { preventDefault(): void }) => void): unknown;
  on(event: 'closed' | 'unresponsive', listener: () => void): unknown;
  once(event: 'ready-to-show', listener: () => void): unknown;
  readonly webContents: {
    on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
    reload(): void;
    send(channel: string, word: string): void;
  };
  show(): void;
  focus(): void;
  restore(): void;
  isMinimized(): boolean;
  destroy(): void;
}

export interface DesktopParts {
  readonly link: Pick<HostLink<unknown>, 'start' | 'close' | 'grant' | 'tell' | 'busy'>;
  newWindow(): DesktopWindow;
  ask<Meaning extends string>(question: Question<Meaning>, window?: DesktopWindow): Promise<Meaning>;
  notify(title: string, body: string): void;
  /** The machine does not fall asleep by itself while this is on. */
  keepAwake(on: boolean): void;
  quit(): void;
}

export class Desktop {
  readonly #parts: DesktopParts;
  #window: DesktopWindow | undefined;
  #host: Promise<void> | undefined;
  /** The host goes on without a window, because a person wants it to. */
  #inBackground = false;
  #isEnding = false;
  #isClosed = false;

  constructor(parts: DesktopParts) {
    this.#parts = parts;
  }

  open(): void {
    void this.hostReady();
    this.showWindow();
  }

  /** Rejects with a sentence where the host cannot be opened; the person has heard it then. */
  hostReady(): Promise<void> {
    this.#host ??= this.#start();
    return this.#host;
  }

  /** The one there is comes to the front. */
  showWindow(): void {
    this.#inBackground = false;
    this.#window ??= this.#newWindow();
    if (this.#window.isMinimized()) this.#window.restore();
    this.#window.focus();
  }

  /** From a menu. */
  send(command: ShellCommand): void {
    this.#window?.webContents.send('ergodic:command', command);
  }

  /** Files that a person opened with Ergodic. */
  async openFiles(paths: readonly string[]): Promise<void> {
    this.showWindow();
    await this.hostReady();
    await this.#parts.link.grant(paths);
  }

  hostCrashed(code: number): void {
    const again = this.#parts.ask(hostCrashed(code), this.#window).then((answer) => {
      if (answer === 'again') return this.#start();
      this.#parts.quit();
      throw new Error('The host was not started again.');
    });
    again.catch(() => undefined);
    this.#host = again;
  }

  busyChanged(busy: boolean): void {
    this.#parts.keepAwake(busy);
    if (busy || this.#window || !this.#inBackground) return;
    this.#parts.notify('Ergodic is done', 'What was being computed is in its project.');
    this.#parts.quit();
  }

  sleep(): void {
    this.#parts.link.tell('sleep');
  }

  wake(): void {
    this.#parts.link.tell('wake');
  }

  /** The machine shuts down: nobody is asked. */
  shutDown(): void {
    this.#isEnding = true;
    this.#parts.quit();
  }

  /** No window is left. */
  allWindowsClosed(): void {
    if (!this.#inBackground || !this.#parts.link.busy) this.#parts.quit();
  }

  /** Called when the application is about to end: it ends when the host has stored everything. */
  willQuit(event: { preventDefault(): void }): void {
    if (this.#isClosed) return;
    event.preventDefault();
    void this.#parts.link.close().then(() => {
      this.#isClosed = true;
      this.#parts.quit();
    });
  }

  #start(): Promise<void> {
    const started = this.#parts.link.start().catch(async (error: unknown) => {
      const sentence = error instanceof Error ? error.message : String(error);
      await this.#parts.ask(hostUnavailable(sentence), this.#window);
      this.#parts.quit();
      throw error;
    });
    started.catch(() => undefined);
    return started;
  }

  #newWindow(): DesktopWindow {
    const window = this.#parts.newWindow();
    let mayClose = false;
    window.once('ready-to-show', () => window.show());
    window.on('close', (event) => {
      if (mayClose || this.#isEnding || !this.#parts.link.busy) return;
      event.preventDefault();
      void this.#parts.ask(closeWhileBusy, window).then((answer) => {
        if (answer === 'cancel') return;
        this.#inBackground = answer === 'background';
        mayClose = true;
        window.destroy();
      });
    });
    window.on('closed', () => {
      this.#window = undefined;
    });
    window.on('unresponsive', () => {
      void this.#parts.ask(pageUnresponsive, window).then((answer) => {
        if (answer === 'again') window.webContents.reload();
      });
    });
    window.webContents.on('render-process-gone', (_, { reason }) => {
      if (reason === 'clean-exit') return;
      void this.#parts.ask(pageCrashed(reason), window).then((answer) => {
        if (answer === 'again') window.webContents.reload();
        else window.destroy();
      });
    });
    return window;
  }
}
