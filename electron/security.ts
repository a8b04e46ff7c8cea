/**
 * What a window of the desktop may do: show our page, and nothing else. It is sandboxed and isolated, goes nowhere,
 * opens nothing, is permitted nothing but to copy, and reaches no network at all.
 */
import type { BrowserWindowConstructorOptions, Event, Session, WebContents } from 'electron';

export const PAGE = 'app://ergodic/';

export const windowOptions = (preload: string): BrowserWindowConstructorOptions => ({
  width: 1440,
  height: 900,
  minWidth: 960,
  minHeight: 600,
  show: false,
  webPreferences: {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // It would fetch dictionaries.
    spellcheck: false,
  },
});

/** Of the window that nobody sees: its work goes on as if it were in front. */
export const hiddenWindowOptions = (preload: string): BrowserWindowConstructorOptions => {
  const { webPreferences } = windowOptions(preload);
  return { width: 200, height: 100, show: false, webPreferences: { ...webPreferences, backgroundThrottling: false } };
};

/** A frame that asks something of the main process. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Our page itself, not a frame inside it nor what may have taken its place. */
export function isOurPage(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && URL.parse(frame.url)?.href.startsWith(PAGE) === true;
}

export function guardContents(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  const refuse = (event: Pick<Event, 'preventDefault'>) => event.preventDefault();
  contents.on('will-navigate', refuse);
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', refuse);
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** "Copy as command" is all that is asked for. */
const PERMITTED: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

type GuardedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> };

export function guardSession(session: GuardedSession): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(PERMITTED.has(permission)));
  session.setPermissionCheckHandler((_contents, permission) => PERMITTED.has(permission));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !/^(app|blob|data|devtools):/.test(url) });
  });
}
