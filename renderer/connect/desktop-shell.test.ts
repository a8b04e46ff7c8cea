/** The shell of the desktop, with a bridge that answers as the main process does, and a page that hears messages. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DesktopBridge } from './desktop-bridge.ts';
import { desktopShell } from './desktop-shell.ts';

/** As much of a page as hears messages. */
class Page extends EventTarget {
  say(data: unknown, ports: MessagePort[], source: unknown = this): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data, ports, source }));
  }
}

let page: Page;
let channel: MessageChannel;
beforeEach(() => {
  page = new Page();
  channel = new MessageChannel();
  vi.stubGlobal('window', page);
});
afterEach(() => {
  channel.port1.close();
  vi.unstubAllGlobals();
});

function bridgeWith(answers: Partial<DesktopBridge>): DesktopBridge {
  const unasked = () => Promise.reject(new Error('Nobody should have asked for this.'));
  return {
    connect: unasked,
    handOver: unasked,
    openDialog: unasked,
    saveCopy: unasked,
    reveal: unasked,
    onCommand: () => () => undefined,
    ...answers,
  };
}

test('the port that comes for it becomes the channel; other messages to the page do not', async () => {
  const stranger = new MessageChannel();
  const connect = async () => {
    page.say('ergodic:port', [stranger.port2], {});
    page.say('something else', [stranger.port2]);
    page.say('ergodic:port', []);
    page.say('ergodic:port', [channel.port2]);
    return { result: null };
  };
  const opened = await desktopShell(bridgeWith({ connect })).connect();
  const heard = new Promise((resolve) => channel.port1.addEventListener('message', ({ data }) => resolve(data)));
  channel.port1.start();
  opened.send({ hello: 1 });
  expect(await heard).toEqual({ hello: 1 });
  const end = new Promise<void>((resolve) => opened.onClose(resolve));
  opened.close();
  await end;
  stranger.port1.close();
});

test('what the main process refuses is an error with its sentence', async () => {
  const error = 'The part of Ergodic that computes has stopped.';
  const shell = desktopShell(
    bridgeWith({
      connect: async () => ({ error }),
      handOver: async () => ({ error }),
      openDialog: async () => ({ error }),
      saveCopy: async () => ({ error }),
      reveal: async () => ({ error }),
    }),
  );
  const file = { id: 'f1', name: 'a.pdb', folder: '/data', bytes: 1 };
  for (const asked of [
    shell.connect(),
    shell.handOver([]),
    shell.openDialog('files'),
    shell.fetchExport(file),
    shell.reveal(file),
  ]) {
    await expect(asked).rejects.toThrow(error);
  }
});
