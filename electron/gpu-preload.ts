/** What the window with the graphics card gets of the desktop: ports, and nothing else. */
import { ipcRenderer } from 'electron';
import { CARD_MESSAGE } from './gpu-window.ts';

/** The page's window, as far as this script touches it. */
declare const window: {
  readonly location: { readonly origin: string };
  postMessage(message: string, origin: string, ports: readonly unknown[]): void;
};

ipcRenderer.on(CARD_MESSAGE, ({ ports }) => window.postMessage(CARD_MESSAGE, window.location.origin, ports));
