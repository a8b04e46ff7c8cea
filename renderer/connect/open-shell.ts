/** Which shell shows this window: the desktop's, where its preload script has put a bridge there, or a browser. */
import { browserShell } from './browser-shell.ts';
import type { DesktopBridge } from './desktop-bridge.ts';
import { desktopShell } from './desktop-shell.ts';
import type { Shell } from './shell.ts';

declare global {
  interface Window {
    /** Put there by the desktop's preload script. */
    readonly ergodicDesktop?: DesktopBridge;
  }
}

export function openShell(): Shell {
  return window.ergodicDesktop ? desktopShell(window.ergodicDesktop) : browserShell();
}
