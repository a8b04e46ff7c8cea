/**
 * The window that nobody sees and that has the GPU: it is opened when a job asks for the GPU, and closed when
 * no job is at work. One whose page dies is opened anew by the next job that asks.
 */

/** Its page, and the message with which that gets a port. */
export const GPU_PAGE = 'app://ergodic/gpu/index.html';
export const GPU_MESSAGE = 'ergodic:gpu';

/** Electron's BrowserWindow. */
export interface HiddenWindow<Port> {
  loadURL(url: string): Promise<void>;
  readonly webContents: {
    on(event: 'render-process-gone', listener: () => void): unknown;
    postMessage(channel: string, message: unknown, ports: Port[]): void;
  };
  destroy(): void;
}

export interface GpuWindowParts<Port> {
  newWindow(): HiddenWindow<Port>;
  newChannel(): { readonly port1: Port; readonly port2: Port };
}

export class GpuWindow<Port> {
  readonly #parts: GpuWindowParts<Port>;
  #window: { readonly shown: HiddenWindow<Port>; readonly loaded: Promise<void> } | undefined;

  constructor(parts: GpuWindowParts<Port>) {
    this.#parts = parts;
  }

  /** A port whose other end the page has; rejects where the page cannot be opened. */
  async lend(): Promise<Port> {
    this.#window ??= this.#open();
    const { shown, loaded } = this.#window;
    await loaded;
    const { port1, port2 } = this.#parts.newChannel();
    shown.webContents.postMessage(GPU_MESSAGE, null, [port2]);
    return port1;
  }

  close(): void {
    this.#window?.shown.destroy();
    this.#window = undefined;
  }

  #open() {
    const shown = this.#parts.newWindow();
    shown.webContents.on('render-process-gone', () => this.close());
    const loaded = shown.loadURL(GPU_PAGE);
    loaded.catch(() => this.close());
    return { shown, loaded };
  }
}
