/** A window's knowledge beside a real host in the same process, with a home of its own; for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../../core/host/contract.ts';
import { Host } from '../../core/host/host.ts';
import { channelPair } from '../../core/host/transports/in-process.ts';
import type { Shell } from '../connect/shell.ts';
import { Workspace } from './workspace.svelte.ts';

export const resources = fileURLToPath(new URL('../../resources', import.meta.url));

export interface Hosted extends AsyncDisposable {
  readonly host: Host;
  readonly home: string;
  /** A window that has said hello. */
  open(): Promise<Workspace>;
  /** Every connection there is breaks. */
  loseAll(): void;
}

export async function hosted(): Promise<Hosted> {
  const home = await mkdtemp(join(tmpdir(), 'ergodic-window-'));
  const host = await Host.open({ shell: 'desktop', version: '0.0.0', home, resources });
  const windows: Workspace[] = [];
  const channels: Channel[] = [];
  return {
    host,
    home,
    open: async () => {
      const workspace = new Workspace(shellTo(host, channels));
      windows.push(workspace);
      await workspace.open();
      await until(() => workspace.about !== undefined);
      return workspace;
    },
    loseAll: () => {
      for (const channel of channels.splice(0)) channel.close();
    },
    [Symbol.asyncDispose]: async () => {
      for (const { client } of windows) client.close();
      await host[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What a shell does beside the host is tested with the shells. */
function shellTo(host: Host, channels: Channel[]): Shell {
  const none = () => Promise.resolve([]);
  return {
    kind: 'desktop',
    can: { chooseFolders: false, reveal: false },
    connect: () => {
      const [ours, theirs] = channelPair();
      host.connect(theirs);
      channels.push(theirs);
      return Promise.resolve(ours);
    },
    handOver: none,
    openDialog: none,
    projects: none,
    fetchExport: () => Promise.resolve(false),
    reveal: () => Promise.resolve(),
    onCommand: () => () => undefined,
  };
}

export async function until(isSo: () => boolean, patience = 30_000): Promise<void> {
  const end = Date.now() + patience;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`It never came to be: ${isSo}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
