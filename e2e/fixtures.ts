/**
 * What every test of the window starts from: a home that is empty, a host that serves it, a page that says nothing into
 * its console.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from '@playwright/test';
import { ServedHost } from './served-host.ts';
import { Workstation } from './workstation.ts';

export { expect };

interface Fixtures {
  /** A person's folder of projects, empty at first. */
  home: string;
  host: ServedHost;
  /** What the page may complain of in this test: the end of a host that is killed, say. */
  forgiven: RegExp[];
  workstation: Workstation;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants to see it
  home: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'ergodic-home-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true });
  },
  host: async ({ home }, use) => {
    const host = await ServedHost.start(home);
    await use(host);
    await host.end();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants to see it
  forgiven: async ({}, use) => use([]),
  workstation: async ({ page, host, forgiven }, use) => {
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
    page.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' || /Too many active WebGL contexts/.test(text)) complaints.push(text);
    });
    const workstation = new Workstation(page);
    await workstation.open(host.url);
    await use(workstation);
    expect(complaints.filter((one) => !forgiven.some((pattern) => pattern.test(one)))).toEqual([]);
  },
});
