/**
 * The entry of the desktop: makes of Electron what desktop.ts, requests.ts and host-link.ts ask for. Decides nothing.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  utilityProcess,
  type WebFrameMain,
} from 'electron';
import { PageFiles } from '../core/host/http/page-files.ts';
import { Desktop, type DesktopWindow } from './desktop.ts';
import { filesIn } from './files-in-words.ts';
import { GpuWindow } from './gpu-window.ts';
import { HostLink } from './host-link.ts';
import { menuTemplate } from './menu.ts';
import { pageHandler, pageScheme } from './page-protocol.ts';
import type { Question } from './questions.ts';
import { answerRequests } from './requests.ts';
import { guardContents, guardSession, hiddenWindowOptions, PAGE, windowOptions } from './security.ts';
import { rememberedPlace, rememberPlace } from './window-place.ts';

const root = app.getAppPath();
/** Threads are started from real files, beside the program that starts them, and so is the host (electron-builder.js). */
const hostFolder = join(app.isPackaged ? `${root}.unpacked` : root, 'dist');
const resources = app.isPackaged ? join(process.resourcesPath, 'resources') : join(root, 'resources');
const home = join(app.getPath('home'), 'Ergodic');
const placeFile = join(app.getPath('userData'), 'window.json');

function newWindow(): BrowserWindow {
  const place = rememberedPlace(
    placeFile,
    screen.getAllDisplays().map(({ workArea }) => workArea),
  );
  const window = new BrowserWindow({ ...windowOptions(join(root, 'dist', 'preload.cjs')), ...place });
  window.on('close', () => rememberPlace(placeFile, window.getNormalBounds()));
  void window.loadURL(PAGE);
  return window;
}

async function ask<Meaning extends string>({ options, meanings }: Question<Meaning>, window?: DesktopWindow) {
  const { response } = await (window instanceof BrowserWindow
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options));
  return meanings[response]!;
}

function keepAwake(): (on: boolean) => void {
  let blocker: number | undefined;
  return (on) => {
    if (on) blocker ??= powerSaveBlocker.start('prevent-app-suspension');
    else if (blocker !== undefined) {
      powerSaveBlocker.stop(blocker);
      blocker = undefined;
    }
  };
}

async function start(): Promise<void> {
  const page = await PageFiles.open(join(root, 'dist', 'renderer'));
  protocol.handle('app', pageHandler(page));
  guardSession(session.defaultSession);
  mkdirSync(home, { recursive: true });

  const gpu = new GpuWindow<MessagePortMain>({
    newWindow: () => new BrowserWindow(hiddenWindowOptions(join(root, 'dist', 'gpu-preload.cjs'))),
    newChannel: () => new MessageChannelMain(),
  });
  const link = new HostLink<MessagePortMain>({
    host: { shell: 'desktop', version: app.getVersion(), home, resources },
    start: () => utilityProcess.fork(join(hostFolder, 'host-process.js'), [], { serviceName: 'Ergodic host' }),
    onCrash: (code) => desktop.hostCrashed(code),
    onBusy: (busy) => {
      desktop.busyChanged(busy);
      if (!busy) gpu.close();
    },
    lendGpu: () => gpu.lend(),
  });
  const desktop = new Desktop({
    link,
    newWindow,
    ask,
    keepAwake: keepAwake(),
    notify: (title, body) => new Notification({ title, body }).show(),
    quit: () => app.quit(),
  });

  answerRequests<MessagePortMain, WebFrameMain>({
    link,
    hostReady: () => desktop.hostReady(),
    handle: (channel, answer) => ipcMain.handle(channel, answer),
    newChannel: () => new MessageChannelMain(),
    openDialog: (options) => dialog.showOpenDialog(options),
    saveDialog: (options) => dialog.showSaveDialog(options),
    showInFolder: (path) => shell.showItemInFolder(path),
    downloads: app.getPath('downloads'),
  });
  const isMac = process.platform === 'darwin';
  const send = desktop.send.bind(desktop);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate({ isMac, isDevelopment: !app.isPackaged, send })));

  app.on('second-instance', (_event, words, folder) => void desktop.openFiles(filesIn(words, folder, app.isPackaged)));
  app.on('activate', () => desktop.showWindow());
  app.on('window-all-closed', () => desktop.allWindowsClosed());
  app.on('will-quit', (event) => desktop.willQuit(event));
  powerMonitor.on('suspend', () => desktop.sleep());
  powerMonitor.on('resume', () => desktop.wake());
  powerMonitor.on('shutdown', () => desktop.shutDown());

  desktop.open();
  const files = filesIn(process.argv, process.cwd(), app.isPackaged);
  if (files.length > 0) await desktop.openFiles(files);
}

if (!app.requestSingleInstanceLock()) app.quit();
else {
  app.enableSandbox();
  // Chromium has WebGPU on Linux, but only for those who ask for it.
  if (process.platform === 'linux') app.commandLine.appendSwitch('enable-unsafe-webgpu');
  protocol.registerSchemesAsPrivileged([pageScheme]);
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('Ergodic cannot start.', error instanceof Error ? error.message : String(error));
      app.exit(1);
    });
}
