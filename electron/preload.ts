/**
 * What the page gets of the desktop: six functions, no Electron. Paths of files never reach the page, and none that it
 * makes up leave it: they are those of files that a person dropped.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { type DesktopBridge, PORT_MESSAGE } from '../renderer/connect/desktop-bridge.ts';

/** The page's window, as far as this script touches it. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
};

// No bridge carries a port; a message to the page does.
ipcRenderer.on(PORT_MESSAGE, ({ ports }) => window.postMessage(PORT_MESSAGE, window.location.origin, ports));

const bridge: DesktopBridge = {
  connect: () => ipcRenderer.invoke('ergodic:connect'),
  handOver: (files) =>
    ipcRenderer.invoke(
      'ergodic:hand-over',
      files.map((file) => webUtils.getPathForFile(file)),
    ),
  openDialog: (kind) => ipcRenderer.invoke('ergodic:open-dialog', kind),
  saveCopy: (file) => ipcRenderer.invoke('ergodic:save-copy', file),
  reveal: (file) => ipcRenderer.invoke('ergodic:reveal', file),
  onCommand: (listener) => {
    const hear = (_event: unknown, command: string) => listener(command);
    ipcRenderer.on('ergodic:command', hear);
    return () => void ipcRenderer.off('ergodic:command', hear);
  },
};

contextBridge.exposeInMainWorld('ergodicDesktop', bridge);
