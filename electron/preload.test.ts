/** What the page gets of the desktop: these functions, and no way to say what no person has done. */
import { beforeAll, expect, test, vi } from 'vitest';
import type { DesktopBridge } from '../renderer/connect/desktop-bridge.ts';

const electron = vi.hoisted(() => {
  const listeners = new Map<string, (event: unknown, word?: unknown) => void>();
  return {
    exposed: {} as Record<string, unknown>,
    listeners,
    invoked: [] as unknown[][],
    contextBridge: {
      exposeInMainWorld: (name: string, value: unknown): void => {
        electron.exposed[name] = value;
      },
    },
    ipcRenderer: {
      on: (channel: string, listener: (event: unknown, word?: unknown) => void) =>
        void listeners.set(channel, listener),
      off: (channel: string) => void listeners.delete(channel),
      invoke: async (...words: unknown[]) => void electron.invoked.push(words),
    },
    webUtils: { getPathForFile: (file: { path?: string }) => file.path ?? '' },
  };
});
vi.mock('electron', () => electron);

const posted: unknown[][] = [];
let bridge: DesktopBridge;

beforeAll(async () => {
  vi.stubGlobal('window', {
    location: { origin: 'app://ergodic' },
    postMessage: (...words: unknown[]) => posted.push(words),
  });
  await import('./preload.ts');
  bridge = electron.exposed.ergodicDesktop as DesktopBridge;
});

test('one name, six functions', () => {
  expect(Object.keys(electron.exposed)).toEqual(['ergodicDesktop']);
  expect(Object.keys(bridge).sort()).toEqual(['connect', 'handOver', 'onCommand', 'openDialog', 'reveal', 'saveCopy']);
  for (const each of Object.values(bridge)) expect(each).toBeTypeOf('function');
});

test('a port goes on to the page of this origin only', () => {
  const port = {};
  electron.listeners.get('ergodic:port')!({ ports: [port] });
  expect(posted).toEqual([['ergodic:port', 'app://ergodic', [port]]]);
});

test('files are named by where the system says they are, whatever the page says', async () => {
  await bridge.handOver([{ path: '/data/ala.pdb' }, { name: '/etc/passwd' }] as unknown as File[]);
  expect(electron.invoked.at(-1)).toEqual(['ergodic:hand-over', ['/data/ala.pdb', '']]);
});

test('commands are heard until nobody listens', () => {
  const heard: string[] = [];
  const stop = bridge.onCommand((command) => heard.push(command));
  electron.listeners.get('ergodic:command')!({ sender: 'not for the page' }, 'undo');
  expect(heard).toEqual(['undo']);
  stop();
  expect(electron.listeners.has('ergodic:command')).toBe(false);
});
