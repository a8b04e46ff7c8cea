/**
 * The shell of the desktop: what the preload script lets through to the main process, as the window wants it.
 * The way to the host is a MessagePort, which comes as a message to the page because no bridge can carry one.
 */
import type { FileEntry } from '../../core/host/contract.ts';
import { messagePortChannel } from '../../core/host/transports/message-port.ts';
import type { Shell, ShellCommand } from './shell.ts';

/** What `electron/preload.ts` puts into the page. Answers are results, or sentences that say why not. */
export interface DesktopBridge {
  /** Asks for a way to the host: the page gets a message `ergodic:port` with the port. */
  connect(): Promise<Answer<null>>;
  handOver(files: readonly File[]): Promise<Answer<FileEntry[]>>;
  openDialog(kind: 'files' | 'folder' | 'project'): Promise<Answer<FileEntry[]>>;
  saveCopy(file: string): Promise<Answer<boolean>>;
  reveal(file: string): Promise<Answer<null>>;
  onCommand(listener: (command: string) => void): () => void;
}

/** Electron wraps what is thrown across a bridge into words of its own; a sentence travels as a value. */
export type Answer<R> = { readonly result: R } | { readonly error: string };

function resultOf<R>(answer: Answer<R>): R {
  if ('error' in answer) throw new Error(answer.error);
  return answer.result;
}

export function desktopShell(bridge: DesktopBridge): Shell {
  return {
    kind: 'desktop',
    can: { chooseFolders: true, reveal: true },
    connect: async () => {
      const settled = new AbortController();
      try {
        const port = nextPort(settled.signal);
        resultOf(await bridge.connect());
        return messagePortChannel(await port);
      } finally {
        settled.abort();
      }
    },
    handOver: async (files) => resultOf(await bridge.handOver([...files])),
    openDialog: async (kind) => resultOf(await bridge.openDialog(kind)),
    projects: async () => [],
    fetchExport: async (file) => resultOf(await bridge.saveCopy(file.id)),
    reveal: async (file) => void resultOf(await bridge.reveal(file.id)),
    onCommand: (listener) => bridge.onCommand((command) => listener(command as ShellCommand)),
  };
}

function nextPort(signal: AbortSignal): Promise<MessagePort> {
  return new Promise((resolve) => {
    const listen = ({ source, data, ports }: MessageEvent) => {
      const [port] = ports;
      if (source === window && data === 'ergodic:port' && port) resolve(port);
    };
    window.addEventListener('message', listen, { signal });
  });
}
