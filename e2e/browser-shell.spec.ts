/** The browser shell in a real browser: the token on its way, a host that ends and comes back, two windows. */
import { expect, test } from './fixtures.ts';
import { ServedHost } from './served-host.ts';
import { Workstation } from './workstation.ts';

test('the token leaves the address bar, stays with the tab, and is nobody else’s', async ({
  workstation,
  host,
  context,
}) => {
  const { page } = workstation;
  const address = host.url.replace(/#.*/, '');
  expect(page.url()).toBe(address);
  expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
  expect(await context.cookies()).toEqual([]);
  await page.reload();
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeVisible();

  const other = await context.newPage();
  await other.goto(address);
  await expect(other.getByText('This window has no host')).toBeVisible();
  await expect(other.getByRole('button', { name: 'Open the sample' })).toBeHidden();
});

test('two windows see the same project, and one that is gone does not disturb', async ({
  workstation,
  host,
  context,
}) => {
  const { page } = workstation;
  const second = new Workstation(await context.newPage());
  await second.open(host.url);
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await second.drawn();
  await page.close();
  await second.go('Experts');
});

test('a host that ended and was started again is another one, and the window says so', async ({
  workstation,
  host,
  home,
  forgiven,
}) => {
  forgiven.push(/WebSocket connection|Failed to load resource|ERR_CONNECTION/);
  const { page } = workstation;
  await host.end();
  await expect(page.getByText('The host does not answer')).toBeVisible({ timeout: 30_000 });
  const again = await ServedHost.start(home, '--port', new URL(host.url).port);
  await expect(page.getByText('open the address that the host prints')).toBeVisible({ timeout: 60_000 });
  await page.goto(again.url);
  await expect(page.getByRole('button', { name: 'Open the sample' })).toBeVisible();
  await expect(page.getByText('open the address that the host prints')).toBeHidden();
  await again.end();
});

test('a stage whose program cannot be had is a sentence, and the others are there', async ({
  workstation,
  forgiven,
}) => {
  // The error itself, with its words or without.
  forgiven.push(/^$|ERR_FAILED|dynamically imported module/);
  const { page } = workstation;
  const program = '**/ExpertsStage-*.js';
  await page.route(program, (route) => route.abort());
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await workstation.drawn();
  await workstation.go('Experts');
  await expect(page.getByText('This stage could not be loaded')).toBeVisible();
  await workstation.go('Train');
  await expect(page.getByText('This stage could not be loaded')).toBeHidden();
  await workstation.go('Experts');
  await page.unroute(program);
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(page.getByRole('heading', { name: 'Automatic', exact: true })).toBeVisible();
});
