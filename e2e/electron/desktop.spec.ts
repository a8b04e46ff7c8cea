/**
 * The desktop in a real Electron, as far as only that can show it: it starts, its window is shut in, menus and the
 * host's process work, a host that is killed comes back. Skipped, with a word, where Electron's runtime is not
 * installed. What the window does is tested in a browser; what the shell decides, in a stand-in (electron/).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElectronApplication, _electron as electron, expect, type Page, test } from '@playwright/test';
import { electronRuntime } from '../../build/electron-runtime.js';
import { projectRoot } from '../../build/processes.js';

const runtime = electronRuntime(join(projectRoot, 'node_modules/electron'));
test.skip(!runtime, 'The runtime of Electron is not installed here: `npx install-electron` fetches it.');
test.describe.configure({ mode: 'serial' });

let home: string;
let desktop: ElectronApplication;
let page: Page;

test.beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ergodic-desktop-'));
  desktop = await electron.launch({
    executablePath: runtime!,
    // Where a test runs as root, or in a container, Chromium's own sandbox cannot be built.
    args: ['.', '--no-sandbox', `--user-data-dir=${join(home, 'user-data')}`],
    cwd: projectRoot,
    env: { ...process.env, HOME: home, USERPROFILE: home } as Record<string, string>,
  });
  page = await desktop.firstWindow();
});

test.afterAll(async () => {
  await desktop?.close();
  if (home) rmSync(home, { recursive: true, force: true });
});

test('the window opens with the start page, and the host says that it is a desktop', async () => {
  await expect(page).toHaveTitle('Ergodic');
  expect(page.url()).toBe('app://ergodic/');
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeVisible();
});

test('the page has no Node, goes nowhere and opens nothing', async () => {
  expect(await page.evaluate(() => ['require', 'process', 'module'].filter((name) => name in globalThis))).toEqual([]);
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  expect(await page.evaluate(() => window.open('https://example.org/'))).toBeNull();
  expect(await page.evaluate(() => fetch('https://example.org/').catch(() => 'refused'))).toBe('refused');
  expect(page.url()).toBe('app://ergodic/');
  expect(desktop.windows()).toHaveLength(1);
});

test('the sample opens, and its free energy is drawn', async () => {
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('application', { name: /Free energy over φ and ψ/ })).toBeVisible({ timeout: 60_000 });
});

test('a menu reaches the window', async () => {
  await desktop.evaluate(({ Menu }) => {
    const view = Menu.getApplicationMenu()?.items.find(({ label }) => label.includes('View'));
    view?.submenu?.items.find(({ label }) => label === 'Find an Action…')?.click();
  });
  await expect(page.getByRole('dialog', { name: 'Command palette' })).toBeVisible();
  await page.keyboard.press('Escape');
});

test('a host that is killed is offered to be started again, and answers again', async () => {
  await desktop.evaluate(({ app, dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    const host = app.getAppMetrics().find(({ name, serviceName }) => [name, serviceName].includes('Ergodic host'));
    if (!host) throw new Error('There is no process of the host.');
    process.kill(host.pid, 'SIGKILL');
  });
  await page.getByRole('button', { name: 'Open the sample' }).click({ timeout: 60_000 });
  await expect(page.getByRole('application', { name: /Free energy over φ and ψ/ })).toBeVisible({ timeout: 60_000 });
});
