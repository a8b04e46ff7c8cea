/** The turns that the life of the desktop can take where no window, no host or no time is left. */
import { describe, expect, test, vi } from 'vitest';
import { Desktop, type DesktopParts } from './desktop.ts';
import { BrowserWindow, cancellable } from './electron.test-support.ts';

/** Answers are given by the first words of their questions. */
function desktopWith({ answers = {}, startFails }: { answers?: Record<string, string>; startFails?: string } = {}) {
  const asked: string[] = [];
  const happened: string[] = [];
  const link = {
    busy: false,
    start: async () => {
      happened.push('host started');
      if (startFails !== undefined) throw new Error(startFails);
    },
    close: async () => void happened.push('host closed'),
    grant: async () => [],
    tell: (word: string) => void happened.push(word),
  };
  const windows: BrowserWindow[] = [];
  const parts: DesktopParts = {
    link,
    newWindow: () => {
      windows.push(new BrowserWindow({}));
      return windows.at(-1)!;
    },
    ask: async ({ options, meanings }) => {
      asked.push(options.message);
      const label = Object.entries(answers).find(([words]) => options.message.startsWith(words))?.[1];
      return meanings[label === undefined ? meanings.length - 1 : options.buttons!.indexOf(label)]!;
    },
    notify: (title) => void happened.push(title),
    keepAwake: (on) => void happened.push(on ? 'awake' : 'may sleep'),
    quit: () => void happened.push('quit'),
  };
  return { desktop: new Desktop(parts), link, windows, asked, happened };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('in the background', () => {
  async function inBackground() {
    const all = desktopWith({ answers: { 'Ergodic is still computing': 'Go On in the Background' } });
    all.desktop.open();
    all.link.busy = true;
    expect(all.windows[0]!.close()).toBe(false);
    await settled();
    all.desktop.allWindowsClosed();
    return all;
  }

  test('it ends when the work is done, and says so', async () => {
    const { desktop, link, happened } = await inBackground();
    expect(happened).not.toContain('quit');
    link.busy = false;
    desktop.busyChanged(false);
    expect(happened.slice(-3)).toEqual(['may sleep', 'Ergodic is done', 'quit']);
  });

  test('a window that was opened again stays when the work is done', async () => {
    const { desktop, link, windows, happened } = await inBackground();
    desktop.showWindow();
    expect(windows).toHaveLength(2);
    link.busy = false;
    desktop.busyChanged(false);
    expect(happened).not.toContain('quit');
  });
});

test('paused and closed, it ends at once; the host is closed first, once', async () => {
  const { desktop, link, windows, happened } = desktopWith({ answers: { 'Ergodic is still': 'Pause and Close' } });
  desktop.open();
  link.busy = true;
  windows[0]!.close();
  await settled();
  desktop.allWindowsClosed();
  const first = cancellable();
  desktop.willQuit(first);
  expect(first.isPrevented).toBe(true);
  await settled();
  expect(happened.slice(-3)).toEqual(['quit', 'host closed', 'quit']);
  const second = cancellable();
  desktop.willQuit(second);
  expect(second.isPrevented).toBe(false);
});

test('a machine that shuts down asks nobody', () => {
  const { desktop, link, windows, asked, happened } = desktopWith();
  desktop.open();
  link.busy = true;
  desktop.shutDown();
  expect(windows[0]!.close()).toBe(true);
  expect(asked).toEqual([]);
  expect(happened).toContain('quit');
});

test('an idle window closes without a word', () => {
  const { desktop, windows, asked } = desktopWith();
  desktop.open();
  expect(windows[0]!.close()).toBe(true);
  expect(asked).toEqual([]);
});

test('a host that cannot be opened is said in its own words, and the end', async () => {
  const { desktop, asked, happened } = desktopWith({ startFails: 'The disk is full.' });
  desktop.open();
  await expect(desktop.hostReady()).rejects.toThrow('The disk is full.');
  await settled();
  expect(asked).toEqual(['Ergodic cannot start.']);
  expect(happened).toEqual(['host started', 'quit']);
});

test('a host that died and is not wanted again is the end; a page that waits for it hears so', async () => {
  const { desktop, happened } = desktopWith({ answers: { 'The part of Ergodic': 'Quit' } });
  desktop.open();
  await desktop.hostReady();
  desktop.hostCrashed(9);
  await expect(desktop.hostReady()).rejects.toThrow('not started again');
  expect(happened).toEqual(['host started', 'quit']);
});

test('a window that is there comes to the front', () => {
  const { desktop, windows } = desktopWith();
  desktop.open();
  windows[0]!.isMinimized.mockReturnValue(true);
  desktop.showWindow();
  expect(windows).toHaveLength(1);
  expect(windows[0]!.restore).toHaveBeenCalledOnce();
});

test('commands of menus without a window do nothing', () => {
  const { desktop, windows } = desktopWith();
  expect(() => desktop.send('undo')).not.toThrow();
  expect(windows).toHaveLength(0);
  vi.restoreAllMocks();
});
