/**
 * For tests only: a stand-in for what the desktop uses of Electron. It has no windows; it remembers what it was asked
 * for, and lets a test do what a person or the system would do. The host in it is a real one.
 */
import { EventEmitter } from 'node:events';
import type { MenuItemConstructorOptions, MessageBoxOptions } from 'electron';
import { vi } from 'vitest';
import { temporaryFolder } from '../core/runs/small-run.test-support.ts';
import { serveHost } from './host-end.ts';

/** A port as Electron's main process has it: messages wait until it is started, and are copied. */
export class PortMain extends EventEmitter {
  other!: PortMain;
  #isStarted = false;
  #early: unknown[] = [];

  postMessage(message: unknown): void {
    const copy = structuredClone(message);
    setImmediate(() => this.other.#receive(copy));
  }

  start(): void {
    this.#isStarted = true;
    for (const data of this.#early.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    setImmediate(() => this.other.emit('close'));
  }

  #receive(data: unknown): void {
    if (this.#isStarted) this.emit('message', { data, ports: [] });
    else this.#early.push(data);
  }
}

export class MessageChannelMain {
  readonly port1 = new PortMain();
  readonly port2 = new PortMain();

  constructor() {
    this.port1.other = this.port2;
    this.port2.other = this.port1;
  }
}

/** A utility process that runs in this one. */
export class HostProcess extends EventEmitter {
  readonly #parent = new EventEmitter();
  #isGone = false;

  constructor() {
    super();
    const parent = Object.assign(this.#parent, {
      postMessage: (message: unknown) => {
        const copy = structuredClone(message);
        setImmediate(() => this.#isGone || this.emit('message', copy));
      },
    });
    void serveHost(parent).then(() => this.crash(0));
  }

  postMessage(message: unknown, ports: PortMain[] = []): void {
    const data = structuredClone(message);
    setImmediate(() => this.#parent.emit('message', { data, ports }));
  }

  kill(): boolean {
    this.crash(143);
    return true;
  }

  /** Ends at once, whatever it was at. */
  crash(code: number): void {
    if (this.#isGone) return;
    this.#isGone = true;
    setImmediate(() => this.emit('exit', code));
    // What runs in this process does not end by itself.
    this.#parent.emit('message', { data: { kind: 'close' }, ports: [] });
  }
}

export class Contents extends EventEmitter {
  readonly sent: unknown[][] = [];
  readonly reload = vi.fn();
  openHandler: ((details: { url: string }) => { action: string }) | undefined;

  /** What a page does with a port that it is given. */
  static given: (port: PortMain) => void = () => undefined;

  send(...words: unknown[]): void {
    this.sent.push(words);
  }

  postMessage(_channel: string, _message: unknown, ports: PortMain[]): void {
    for (const port of ports) Contents.given(port);
  }

  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  static all: BrowserWindow[] = [];
  readonly options: object;
  readonly webContents = new Contents();
  readonly loaded: string[] = [];

  constructor(options: object) {
    super();
    this.options = options;
    BrowserWindow.all.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }

  readonly show = vi.fn();
  readonly focus = vi.fn();
  readonly restore = vi.fn();
  readonly isMinimized = vi.fn(() => false);
  readonly getNormalBounds = () => ({ x: 10, y: 20, width: 1200, height: 800 });

  /** As a person closes it: whether it is closed. */
  close(): boolean {
    const event = cancellable();
    this.emit('close', event);
    if (!event.isPrevented) this.destroy();
    return !event.isPrevented;
  }

  destroy(): void {
    if (!BrowserWindow.all.includes(this)) return;
    BrowserWindow.all = BrowserWindow.all.filter((window) => window !== this);
    this.emit('closed');
    if (BrowserWindow.all.length === 0) app.emit('window-all-closed');
  }
}

export function cancellable() {
  return {
    isPrevented: false,
    preventDefault() {
      this.isPrevented = true;
    },
  };
}

export const folder = temporaryFolder();

class App extends EventEmitter {
  isPackaged = false;
  isReady = false;
  hasQuit = false;
  isFirst = true;
  isSandboxed = false;
  readonly commandLine = { appendSwitch: vi.fn() };
  readonly exit = vi.fn();

  enableSandbox = () => {
    this.isSandboxed = !this.isReady;
  };
  getAppPath = () => process.cwd();
  getPath = (name: string) => (name === 'home' ? folder.path : folder.in(name));
  getVersion = () => '0.0.0';
  whenReady = async () => {
    this.isReady = true;
  };
  requestSingleInstanceLock = () => this.isFirst;

  quit = () => {
    for (const window of [...BrowserWindow.all]) if (!window.close()) return;
    const event = cancellable();
    this.emit('will-quit', event);
    if (!event.isPrevented) this.hasQuit = true;
  };
}

export const app = new App();

type Answer = (event: { senderFrame: unknown }, ...words: unknown[]) => unknown;

export const ipcMain = {
  answers: new Map<string, Answer>(),
  handle(channel: string, answer: Answer) {
    this.answers.set(channel, answer);
  },
};

/** The dialogs that were shown; what a person chooses is set before. */
export const dialog = {
  asked: [] as MessageBoxOptions[],
  opened: [] as object[],
  answers: [] as string[],
  chosen: [] as string[],
  saved: '',
  showMessageBox: async (...words: unknown[]) => {
    const options = words.at(-1) as MessageBoxOptions;
    dialog.asked.push(options);
    const response = options.buttons!.indexOf(dialog.answers.shift() ?? options.buttons!.at(-1)!);
    if (response < 0) throw new Error(`No button is called so: ${options.buttons!.join(', ')}`);
    return { response };
  },
  showErrorBox: vi.fn(),
  showOpenDialog: async (options: object) => {
    dialog.opened.push(options);
    return { canceled: dialog.chosen.length === 0, filePaths: dialog.chosen };
  },
  showSaveDialog: async (_options: object) => ({ canceled: dialog.saved === '', filePath: dialog.saved }),
};

export const Menu = {
  template: [] as MenuItemConstructorOptions[],
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu(template: MenuItemConstructorOptions[]) {
    this.template = template;
  },
};

export const notifications: { title: string; body: string }[] = [];
export class Notification {
  readonly words: { title: string; body: string };
  constructor(words: { title: string; body: string }) {
    this.words = words;
  }
  show() {
    notifications.push(this.words);
  }
}

export const powerMonitor = new EventEmitter();
export const powerSaveBlocker = {
  on: new Set<number>(),
  start(_kind: string) {
    const id = this.on.size + 1;
    this.on.add(id);
    return id;
  },
  stop(id: number) {
    this.on.delete(id);
  },
};

export const protocol = {
  schemes: [] as { scheme: string }[],
  handlers: new Map<string, (request: { url: string; method: string }) => Promise<Response>>(),
  registerSchemesAsPrivileged(schemes: { scheme: string }[]) {
    // Electron refuses this later.
    if (app.isReady) throw new Error('The application is ready already.');
    this.schemes.push(...schemes);
  },
  handle(scheme: string, handler: (request: { url: string; method: string }) => Promise<Response>) {
    this.handlers.set(scheme, handler);
  },
};

export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const shell = { showItemInFolder: vi.fn((_path: string) => undefined) };

type Before = (details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => void;
export const session = {
  defaultSession: {
    request: (_c: unknown, _permission: string, answer: (is: boolean) => void) => answer(true),
    check: (_c: unknown, _permission: string): boolean => true,
    device: (): boolean => true,
    before: (_details: { url: string }, answer: (verdict: { cancel: boolean }) => void) => answer({ cancel: false }),
    setPermissionRequestHandler(handler: typeof this.request) {
      this.request = handler;
    },
    setPermissionCheckHandler(handler: typeof this.check) {
      this.check = handler;
    },
    setDevicePermissionHandler(handler: typeof this.device) {
      this.device = handler;
    },
    webRequest: {
      onBeforeRequest(handler: Before) {
        session.defaultSession.before = handler;
      },
    },
  },
};

export const utilityProcess = {
  started: [] as { path: string; process: HostProcess }[],
  fork(path: string) {
    const process = new HostProcess();
    this.started.push({ path, process });
    return process;
  },
};
