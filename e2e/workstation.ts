/**
 * What every test of the window starts from: a home that is empty, a host that serves it, a page that says nothing into
 * its console, and the few things that a person does all the time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { ServedHost } from './served-host.ts';

export { expect };

export type StageTitle = 'Data' | 'Experts' | 'Train' | 'Sample' | 'Simulate' | 'Compare';

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

export class Workstation {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.page.getByRole('banner')).toBeVisible();
  }

  get rail(): Locator {
    return this.page.getByRole('navigation', { name: 'Stages' });
  }
  /** The stage that is shown. */
  get stage(): Locator {
    return this.page.getByRole('main');
  }
  /** The strip at the bottom. */
  get work(): Locator {
    return this.page.getByRole('contentinfo', { name: 'Work' });
  }

  async go(stage: StageTitle): Promise<void> {
    await this.rail.getByRole('button', { name: stage }).click();
    await expect(this.page.getByRole('main', { name: stage })).toBeVisible();
  }

  /** Files of the machine, dragged over the window and let go: the browser itself makes the events. */
  async drop(...paths: string[]): Promise<void> {
    const debuggee = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    const { width, height } = this.page.viewportSize()!;
    const at = { x: width / 2, y: height / 2 };
    await debuggee.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data });
    await debuggee.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data });
    await expect(this.page.getByRole('heading', { name: /^Drop to/ })).toBeVisible();
    await debuggee.send('Input.dispatchDragEvent', { type: 'drop', ...at, data });
    await debuggee.detach();
  }

  /** A row of the list of files. */
  file(path: string): Locator {
    return this.stage.getByRole('row', { name: basename(path) });
  }

  /** An action of the palette, found by letters of its name. */
  async act(letters: string): Promise<void> {
    await this.page.keyboard.press('Control+K');
    const palette = this.page.getByRole('dialog', { name: 'Command palette' });
    await expect(palette).toBeVisible();
    await this.page.keyboard.type(letters);
    await this.page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
  }

  /** Until the molecule is drawn. */
  async drawn(): Promise<void> {
    await expect(this.stage.locator('[data-shown]').first()).toBeAttached({ timeout: 30_000 });
  }
}
