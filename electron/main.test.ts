/**
 * The desktop as it starts and runs, in a stand-in for Electron and with a real host: what a window may and may not do,
 * what happens when a person closes it, when the host dies, when the machine sleeps.
 */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { serveGpu } from '../core/engines/webgpu/remote-gpu.ts';
import { softwareGpu, whyNoSoftware } from '../core/engines/webgpu/software.test-support.ts';
import type { FileEntry, Job } from '../core/host/contract.ts';
import { messagePortChannel } from '../core/host/transports/message-port.ts';
import { TestWindow } from '../core/host/window.test-support.ts';
import { shellCommands } from '../renderer/connect/shell-command.ts';
import * as electron from './electron.test-support.ts';
import { GPU_PAGE } from './gpu-window.ts';
import { PAGE } from './security.ts';

vi.mock('electron', () => import('./electron.test-support.ts'));

const { app, dialog, ipcMain, powerMonitor } = electron;
const home = app.getPath('home');

/** Until it holds; a test that waits in vain fails. */
const until = (condition: () => unknown) => vi.waitUntil(condition, { timeout: 50_000, interval: 5 });

const ourFrame = () => {
  const received: electron.PortMain[] = [];
  const postMessage = (_channel: string, _message: unknown, ports: electron.PortMain[]) => received.push(...ports);
  return { url: PAGE, parent: null as unknown, postMessage, received };
};

type Answer = { result?: unknown; error?: string };
const ask = (name: string, word?: unknown, senderFrame: unknown = ourFrame()) =>
  ipcMain.answers.get(`ergodic:${name}`)!({ senderFrame }, word) as Promise<Answer>;

/** A page that has been shown and asks for its way to the host. */
async function pageWindow(): Promise<TestWindow> {
  const frame = ourFrame();
  expect(await ask('connect', undefined, frame)).toEqual({ result: null });
  return new TestWindow(messagePortChannel(frame.received[0]!));
}

const theWindow = () => electron.BrowserWindow.all[0]!;

beforeAll(async () => {
  mkdirSync(app.getPath('userData'), { recursive: true });
  await import('./main.ts');
  await until(() => electron.BrowserWindow.all.length > 0);
});
beforeEach(() => {
  dialog.asked.length = dialog.answers.length = dialog.opened.length = 0;
});
afterAll(async () => {
  app.quit();
  await until(() => app.hasQuit);
  electron.folder[Symbol.dispose]();
});

describe('a window', () => {
  test('is sandboxed, isolated, and shows our page alone', () => {
    const { webPreferences } = theWindow().options as { webPreferences: Record<string, unknown> };
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      preload: join(process.cwd(), 'dist', 'preload.cjs'),
    });
    expect(theWindow().loaded).toEqual(['app://ergodic/']);
    expect(app.isSandboxed).toBe(true);
  });

  test.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'does not %s',
    (event) => {
      const navigation = electron.cancellable();
      theWindow().webContents.emit(event, navigation, 'https://evil.example');
      expect(navigation.isPrevented).toBe(true);
    },
  );

  test('opens no other windows', () => {
    expect(theWindow().webContents.openHandler!({ url: 'https://evil.example' })).toEqual({ action: 'deny' });
  });

  test('is permitted to copy, and nothing else', () => {
    const { request, check, device } = electron.session.defaultSession;
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'fileSystem',
    ]) {
      const answer = vi.fn();
      request(undefined, permission, answer);
      expect(answer).toHaveBeenCalledExactlyOnceWith(false);
      expect(check(undefined, permission)).toBe(false);
    }
    expect(check(undefined, 'clipboard-sanitized-write')).toBe(true);
    expect(device()).toBe(false);
  });

  test.each([
    ['https://evil.example/', true],
    ['http://127.0.0.1:8000/', true],
    ['ws://evil.example/', true],
    ['file:///etc/passwd', true],
    ['app://ergodic/assets/window.js', false],
    ['blob:app://ergodic/1', false],
  ])('reaches %s: blocked %s', (url, cancel) => {
    const answer = vi.fn();
    electron.session.defaultSession.before({ url }, answer);
    expect(answer).toHaveBeenCalledExactlyOnceWith({ cancel });
  });

  test('comes from files of ours, with a strict policy; nothing else has an address', async () => {
    expect(electron.protocol.schemes).toEqual([
      expect.objectContaining({ scheme: 'app', privileges: expect.objectContaining({ standard: true, secure: true }) }),
    ]);
    const answer = electron.protocol.handlers.get('app')!;
    const page = await answer({ url: 'app://ergodic/', method: 'GET' });
    expect(page.status).toBe(200);
    expect(page.headers.get('Content-Security-Policy')).toContain("script-src 'self'");
    expect(page.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp');
    expect(await page.text()).toContain('<title>Ergodic</title>');
    for (const url of [
      'app://ergodic/../package.json',
      'app://ergodic/%2e%2e/%2e%2e/package.json',
      'app://other/',
      'app://ergodic/etc/passwd',
      'app:',
      'nonsense',
    ]) {
      expect((await answer({ url, method: 'GET' })).status).toBe(404);
    }
    expect((await answer({ url: 'app://ergodic/', method: 'POST' })).status).toBe(404);
  });
});

describe('who asks', () => {
  test.each([
    ['no frame', null],
    ['a frame in the page', { ...ourFrame(), parent: ourFrame() }],
    ['another page', { ...ourFrame(), url: 'https://evil.example/' }],
    ['a page that looks like ours', { ...ourFrame(), url: 'app://ergodic.evil/' }],
    ['a page at another host', { ...ourFrame(), url: 'app://ergodic@evil/' }],
    ['a file', { ...ourFrame(), url: 'file:///app://ergodic/' }],
    ['nothing yet', { ...ourFrame(), url: '' }],
  ])('is refused: %s', async (_, frame) => {
    expect([...ipcMain.answers.keys()].sort()).toEqual(
      ['connect', 'hand-over', 'open-dialog', 'reveal', 'save-copy'].map((name) => `ergodic:${name}`),
    );
    for (const channel of ipcMain.answers.keys()) {
      expect(await ask(channel.slice('ergodic:'.length), ['/etc/passwd'], frame)).toEqual({
        error: 'Only the window of Ergodic may ask for this.',
      });
    }
  });
});

describe('files', () => {
  const path = () => join(home, 'ala.pdb');
  const dropped = async (word: unknown) => await ask('hand-over', word);
  beforeAll(() => writeFileSync(path(), 'END\n'));

  test('what a person drops is known to the host, and every window hears of it', async () => {
    const window = await pageWindow();
    const { result } = await dropped([path()]);
    expect(result).toEqual([expect.objectContaining({ name: 'ala.pdb', bytes: 4 })]);
    await window.until(() => window.heard('files.granted').length > 0);
    window.close();
  });

  test.each([
    ['a file that a page made', ['']],
    ['a relative name', ['relative.pdb']],
    ['one name', '/etc/passwd'],
    ['a number', [7]],
    ['nothing', undefined],
    ['something like a list', { length: 1 }],
    ['more than anybody drops', Array(10_001).fill('/x')],
  ])('what no person can have dropped is refused: %s', async (_, word) => {
    const { error } = await dropped(word);
    expect(error).toMatch(/^(This is no file on a disk|Files cannot be handed over like this).*\.$/);
  });

  test('what is gone is a sentence', async () => {
    const { error } = await dropped([join(home, 'gone.pdb')]);
    expect(error).toContain('gone.pdb');
    expect(error).not.toContain('defect');
  });

  test('dialogs: what is chosen is granted, nothing is nothing, there are three kinds', async () => {
    dialog.chosen = [path()];
    expect(await ask('open-dialog', 'files')).toEqual({ result: [expect.objectContaining({ name: 'ala.pdb' })] });
    dialog.chosen = [home];
    expect((await ask('open-dialog', 'project')).result).toHaveLength(1);
    dialog.chosen = [];
    expect(await ask('open-dialog', 'folder')).toEqual({ result: [] });
    expect(dialog.opened).toHaveLength(3);
    for (const kind of ['__proto__', 'constructor', 7, undefined]) {
      expect(await ask('open-dialog', kind)).toEqual({ error: 'There is no such dialog.' });
    }
  });

  test('a copy is saved where the person says, and shown where it lies', async () => {
    const [entry] = (await dropped([path()])).result as FileEntry[];
    dialog.saved = join(home, 'copy.pdb');
    expect(await ask('save-copy', entry!.id)).toEqual({ result: true });
    expect(readFileSync(dialog.saved, 'utf8')).toBe('END\n');
    dialog.saved = path();
    expect(await ask('save-copy', entry!.id)).toEqual({ result: true });
    expect(statSync(path()).size).toBe(4);
    dialog.saved = join(home, 'no', 'such', 'folder.pdb');
    expect((await ask('save-copy', entry!.id)).error).toBe(
      '`folder.pdb` cannot be written there (ENOENT): choose another place.',
    );
    dialog.saved = '';
    expect(await ask('save-copy', entry!.id)).toEqual({ result: false });
    expect(await ask('reveal', entry!.id)).toEqual({ result: null });
    expect(electron.shell.showItemInFolder).toHaveBeenCalledExactlyOnceWith(path());
    for (const id of ['f0', '../../etc/passwd', 7]) {
      expect((await ask('reveal', id)).error).toMatch(/\.$/);
      expect((await ask('save-copy', id)).error).toMatch(/\.$/);
    }
    expect(electron.shell.showItemInFolder).toHaveBeenCalledTimes(1);
  });

  test('a second start hands its files to the first', async () => {
    const window = await pageWindow();
    app.emit('second-instance', {}, ['electron', '--flag', '.', 'ala.pdb', 'gone.pdb'], home);
    const [told] = await window.until(() => window.heard('files.granted').length > 0 && window.heard('files.granted'));
    expect(told!.files.map(({ name }) => name)).toEqual(['ala.pdb']);
    expect(theWindow().focus).toHaveBeenCalled();
    window.close();
  });
});

describe('menus', () => {
  type Item = { label?: string; role?: string; click?: () => void; submenu?: Item[]; registerAccelerator?: boolean };
  const items = (template: Item[]): Item[] => template.flatMap((item) => [item, ...items(item.submenu ?? [])]);

  test('send every command that the window knows, each once, and leave the keys to it', () => {
    const sent = theWindow().webContents.sent;
    sent.length = 0;
    for (const item of items(electron.Menu.template as Item[])) {
      item.click?.();
      if (item.click && 'accelerator' in item) expect(item.registerAccelerator).toBe(false);
    }
    expect(sent.map(([channel]) => channel)).toEqual(shellCommands.map(() => 'ergodic:command'));
    expect(sent.map(([, command]) => command).sort()).toEqual([...shellCommands].sort());
  });
});

/** A run that takes a while, in a project of its own. */
const longRun = {
  name: 'long',
  system: { kind: 'double-well-1d', samples: 200 },
  experts: [{ range: [0, 1], network: { kind: 'mlp', widths: [16] }, steps: 1_000_000, batch: 16, conservative: true }],
  threads: 1,
};

describe('the GPU', () => {
  const draft = {
    ...{ ...longRun, name: 'gpu', engine: 'webgpu' },
    experts: [{ ...longRun.experts[0], network: { kind: 'mlp', widths: [4] }, steps: 3, batch: 8 }],
  };
  const hidden = () => electron.BrowserWindow.all.find(({ loaded }) => loaded[0] === GPU_PAGE);
  let window: TestWindow;

  beforeAll(async () => {
    window = await pageWindow();
    await window.ask('project.create', { name: 'gpu' });
  });
  afterAll(() => window.close());

  test('is in a window that nobody sees, sandboxed like the other, as long as a job is at work', async (context) => {
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    // What renderer/gpu/gpu.ts does in a real page.
    const gpu = softwareGpu();
    const seen: object[] = [];
    electron.Contents.given = (port) => {
      const { send, onMessage } = messagePortChannel(port);
      serveGpu({ send, receive: onMessage }, gpu);
      seen.push(hidden()!.options);
    };
    const { job } = await window.ask('jobs.add', { kind: 'train', draft });
    await window.jobIn(job, 'done');
    expect(seen.length).toBeGreaterThan(0);
    const { webPreferences, ...options } = seen[0] as { webPreferences: object };
    expect(options).toMatchObject({ show: false });
    expect(webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      backgroundThrottling: false,
      preload: join(process.cwd(), 'dist', 'gpu-preload.cjs'),
    });
    await until(() => hidden() === undefined);
    expect(electron.BrowserWindow.all).toEqual([theWindow()]);
    await gpu.dispose();
  });

  const LOST = 'that is lost in the middle of a training: a sentence, and the CPU takes it up';
  test(LOST, { tags: ['full'] }, async (context) => {
    const missing = await whyNoSoftware();
    if (missing) return context.skip(missing);
    const lent: { device?: GPUDevice } = {};
    const gpu = softwareGpu({ onDevice: (device) => Object.assign(lent, { device }) });
    electron.Contents.given = (port) => {
      const { send, onMessage } = messagePortChannel(port);
      serveGpu({ send, receive: onMessage }, gpu);
    };
    const long = { ...draft, experts: [{ ...draft.experts[0], steps: 2000 }], checkpoint: { everySteps: 100 } };
    const { job, run } = await window.ask('jobs.add', { kind: 'train', draft: long });
    const steps = () =>
      window
        .heard('training.points')
        .flatMap((event) => (event.run === run ? event.points : []).map(({ step }) => step));
    await window.until(() => steps().some((step) => step > 200));
    lent.device!.destroy();
    const failed = await window.jobIn(job, 'failed');
    expect(failed.message).toMatch(/^The GPU \(.*\) is gone: .*Stored results are safe/);
    expect(failed.lacksDevice).toBe(true);
    const before = steps().length;
    await window.ask('jobs.resume', { job, engine: 'wasm' });
    const done = await window.jobIn(job, 'done');
    // From the last checkpoint on, not from the beginning.
    expect(Math.min(...steps().slice(before))).toBeGreaterThan(100);
    expect(Math.max(...steps())).toBe(2000);
    expect(done).not.toHaveProperty('lacksDevice');
    const detail = await window.ask('runs.read', { run: run! });
    expect(detail).toMatchObject({ engine: expect.stringMatching(/^wasm/), has: { model: true } });
    await gpu.dispose();
  });

  test('that goes with its window is a sentence, and the next job asks anew', async () => {
    let opened = 0;
    electron.Contents.given = (port) => {
      opened++;
      setTimeout(() => {
        hidden()!.webContents.emit('render-process-gone');
        port.close();
      }, 50);
    };
    for (const time of [1, 2]) {
      const { job } = await window.ask('jobs.add', { kind: 'train', draft: { ...draft, seed: time } });
      const { message } = await window.jobIn(job, 'failed');
      expect(message).toBe("The engine 'webgpu' is not available: No window could be opened that has a GPU.");
      expect(opened).toBe(time);
    }
  });
});

describe('the life of it', () => {
  let window: TestWindow;
  let job: string;
  const states = () =>
    window
      .heard('jobs.changed')
      .at(-1)
      ?.jobs.map(({ state }) => state);
  const inState = (state: Job['state']) => window.until(() => states()?.includes(state));

  beforeAll(async () => {
    window = await pageWindow();
    await window.ask('project.create', { name: 'life' });
  });

  test('a window that is not shown before it can be seen', () => {
    expect(theWindow().show).not.toHaveBeenCalled();
    theWindow().emit('ready-to-show');
    expect(theWindow().show).toHaveBeenCalledOnce();
  });

  test('while it computes the machine stays awake; before it sleeps all the same, work is paused, and goes on after', async () => {
    job = (await window.ask('jobs.add', { kind: 'train', draft: longRun })).job;
    await inState('running');
    await until(() => electron.powerSaveBlocker.on.size === 1);
    powerMonitor.emit('suspend');
    await inState('paused');
    await until(() => electron.powerSaveBlocker.on.size === 0);
    powerMonitor.emit('resume');
    await inState('running');
  });

  test('what a person paused stays paused after a sleep', async () => {
    await window.ask('jobs.pause', { job });
    await inState('paused');
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
    await window.ask('hello', {});
    expect(states()).toEqual(['paused']);
    await window.ask('jobs.resume', { job });
    await inState('running');
  });

  test('closing while it computes asks; Cancel changes nothing', async () => {
    await until(() => electron.powerSaveBlocker.on.size === 1);
    dialog.answers = ['Cancel'];
    expect(theWindow().close()).toBe(false);
    await until(() => dialog.asked.length === 1);
    expect(dialog.asked[0]).toMatchObject({
      message: 'Ergodic is still computing.',
      buttons: ['Pause and Close', 'Go On in the Background', 'Cancel'],
      cancelId: 2,
    });
    expect(electron.BrowserWindow.all).toHaveLength(1);
  });

  test('in the background it goes on, and comes back when it is started again', async () => {
    dialog.answers = ['Go On in the Background'];
    theWindow().close();
    await until(() => electron.BrowserWindow.all.length === 0);
    expect(states()).toEqual(['running']);
    app.emit('second-instance', {}, ['electron', '.'], home);
    expect(electron.BrowserWindow.all).toHaveLength(1);
    expect(states()).toEqual(['running']);
  });

  test('a page that dies is offered to be loaded again', async () => {
    dialog.answers = ['Load Again'];
    theWindow().webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    await until(() => theWindow().webContents.reload.mock.calls.length === 1);
    expect(dialog.asked[0]).toMatchObject({ message: 'The window has stopped unexpectedly.' });
    dialog.answers = ['Wait'];
    theWindow().emit('unresponsive');
    await until(() => dialog.asked.length === 2);
    theWindow().webContents.emit('render-process-gone', {}, { reason: 'clean-exit' });
    expect(theWindow().webContents.reload).toHaveBeenCalledTimes(1);
  });

  test('a host that dies is offered to be started again; windows wait for that', async () => {
    const { process } = electron.utilityProcess.started.at(-1)!;
    dialog.answers = ['Start Again'];
    process.crash(11);
    await until(() => dialog.asked.length === 1);
    expect(dialog.asked[0]!.message).toBe('The part of Ergodic that computes has stopped unexpectedly.');
    expect(dialog.asked[0]!.detail).toContain('(Exit code 11.)');
    const again = await pageWindow();
    expect(electron.utilityProcess.started).toHaveLength(2);
    expect((await again.ask('hello', {})).shell).toBe('desktop');
    expect(electron.powerSaveBlocker.on.size).toBe(0);
    window = again;
  });

  test('quitting waits until the host has stored everything', async () => {
    const project = await window.ask('project.create', { name: 'last' });
    await window.ask('project.save', { view: { stage: 'data' } });
    app.quit();
    expect(app.hasQuit).toBe(false);
    await until(() => app.hasQuit);
    expect(existsSync(join(project.folder, '.lock'))).toBe(false);
    expect(JSON.parse(readFileSync(join(project.folder, 'project.json'), 'utf8')).view).toEqual({ stage: 'data' });
    expect(JSON.parse(readFileSync(join(app.getPath('userData'), 'window.json'), 'utf8'))).toEqual({
      x: 10,
      y: 20,
      width: 1200,
      height: 800,
    });
  });
});
