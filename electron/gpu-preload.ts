/** What the window with the GPU gets of the desktop: ports, and nothing else. */
import { ipcRenderer } from 'electron';
import { GPU_MESSAGE } from './gpu-window.ts';

/** The page's window, as far as this script touches it. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
};

ipcRenderer.on(GPU_MESSAGE, ({ ports }) => window.postMessage(GPU_MESSAGE, window.location.origin, ports));
