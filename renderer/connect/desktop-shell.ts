/**
 * The shell of the desktop: what the preload script lets through to the main process, as the window wants it.
 * The way to the host is a MessagePort, which comes as a message to the page because no bridge can carry one.
 */
import { messagePortChannel } from '../../core/host/transports/message-port.ts';
import { type Answer, type DesktopBridge, PORT_MESSAGE } from './desktop-bridge.ts';
import type { Shell } from './shell.ts';
import type { ShellCommand } from './shell-command.ts';

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
    handOver: async (files) => [...resultOf(await bridge.handOver([...files]))],
    openDialog: async (kind) => [...resultOf(await bridge.openDialog(kind))],
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
      if (source === window && data === PORT_MESSAGE && port) resolve(port);
    };
    window.addEventListener('message', listen, { signal });
  });
}
