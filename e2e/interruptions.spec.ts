/**
 * What a person's machine does to a run in its middle: the window is loaded again, it crashes, the host is killed, the
 * folder of the project goes away. What was stored is there, going on is offered, and the numbers are those of a run that nobody
 * disturbed.
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ergodic } from './command-line.ts';
import { expect, test } from './fixtures.ts';
import { ServedHost } from './served-host.ts';
import { Workstation } from './workstation.ts';

/** A model potential, and a small expert that trains for about ten seconds, or as many steps. Returns the settings, written down. */
async function smallProject(workstation: Workstation, name: string, steps = 20_000): Promise<string> {
  const { page, stage } = workstation;
  await page.getByRole('button', { name: /^New project/ }).click();
  await page.getByRole('dialog').getByLabel('Name').fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await stage.getByRole('button', { name: 'Use a model potential' }).click();
  await stage.getByLabel('Training samples').fill('2000');
  await workstation.go('Experts');
  await workstation.oneExpert();
  const small = { 'Layer widths': '24, 24', Steps: String(steps), Batch: '64' };
  for (const [label, value] of Object.entries(small)) await stage.getByLabel(label, { exact: true }).fill(value);
  await workstation.act('settings as a command');
  const written = await page.getByRole('dialog').getByLabel('Settings').textContent();
  await page.keyboard.press('Escape');
  return written!;
}

async function beginTraining(workstation: Workstation, name: string): Promise<string> {
  const written = await smallProject(workstation, name);
  await workstation.stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(workstation.jobs('running')).toBeVisible();
  return written;
}

/** Until so many per cent are told of. */
async function trained(workstation: Workstation, fraction: number): Promise<void> {
  const done = async () => {
    const bar = workstation.work.getByRole('progressbar').first();
    return Number((await bar.getAttribute('aria-valuenow')) ?? 0);
  };
  await expect.poll(done, { timeout: 120_000 }).toBeGreaterThan(fraction);
}

async function weights(folder: string): Promise<Buffer> {
  return readFile(join(folder, 'model.safetensors'));
}

async function runFolder(home: string, project: string): Promise<string> {
  const runs = join(home, 'projects', project, 'runs');
  const [run] = await readdir(runs);
  return join(runs, run!);
}

test('window and host are killed: the run goes on to the weights of an undisturbed one', { tag: '@full' }, async ({
  workstation: first,
  context,
  host,
  home,
  forgiven,
}) => {
  test.setTimeout(300_000);
  // Browsers write of every connection that did not open, whatever the page makes of it.
  forgiven.push(/ERR_CONNECTION_REFUSED|WebSocket connection/);
  const specification = await beginTraining(first, 'Interrupted');
  await trained(first, 10);

  await first.page.reload();
  await expect(first.page.getByRole('button', { name: 'Interrupted' })).toBeVisible();
  await expect(first.page.getByRole('main', { name: 'Train' })).toBeVisible();
  await expect(first.jobs('running')).toBeVisible();

  const crashed = first.page.waitForEvent('crash');
  await Promise.all([crashed, first.page.goto('chrome://crash').catch(() => undefined)]);
  const second = new Workstation(await context.newPage());
  await second.open(host.url);
  await expect(second.jobs('running')).toBeVisible();
  await trained(second, 25);

  await host.end('SIGKILL');
  await expect(second.page.getByRole('alert')).toContainText('The connection to the host was lost');
  await using again = await ServedHost.start(home);
  await second.open(again.url);
  await second.page.getByRole('button', { name: /^Interrupted/ }).click();
  await expect(second.jobs('paused')).toBeVisible();
  await second.stage.getByRole('button', { name: 'Resume' }).click();
  await expect(second.jobs('done')).toBeVisible({ timeout: 120_000 });

  const file = join(home, 'undisturbed.yaml');
  await writeFile(file, specification);
  await ergodic('train', file, '--out', join(home, 'undisturbed'));
  const resumed = await weights(await runFolder(home, 'Interrupted'));
  expect(resumed.equals(await weights(join(home, 'undisturbed')))).toBe(true);
});

test('the folder of the project goes away in the middle of a run, and comes back', { tag: '@full' }, async ({
  workstation,
  home,
}) => {
  test.setTimeout(300_000);
  await beginTraining(workstation, 'Unplugged');
  await trained(workstation, 10);
  const folder = join(home, 'projects', 'Unplugged');
  await rename(folder, `${folder} elsewhere`);
  await expect(workstation.jobs('failed')).toBeVisible({ timeout: 60_000 });
  await expect(workstation.work).toContainText(/The folder .* is not there: put it back, connect its disk/);
  await rename(`${folder} elsewhere`, folder);
  await workstation.work.getByRole('button', { name: 'Try again' }).click();
  await expect(workstation.jobs('done')).toBeVisible({ timeout: 120_000 });
  expect((await weights(await runFolder(home, 'Unplugged'))).length).toBeGreaterThan(1000);
});

test('a GPU that is not there: one sentence, and the run goes on without it', async ({ workstation, home }) => {
  test.setTimeout(180_000);
  const { page, stage, work } = workstation;
  await smallProject(workstation, 'without-gpu', 6000);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('dialog').getByLabel('Engine').selectOption({ label: 'WebGPU' });
  await page.keyboard.press('Escape');
  await stage.getByRole('button', { name: 'Train', exact: true }).click();
  await expect(workstation.jobs('failed')).toBeVisible({ timeout: 30_000 });
  await page.screenshot({ path: test.info().outputPath('no-gpu.png') });
  await work.getByRole('button', { name: 'Resume on the CPU' }).click();
  await expect(workstation.jobs('running')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('goes-on.png') });
  await workstation.finished(120_000);
  expect((await weights(await runFolder(home, 'without-gpu'))).length).toBeGreaterThan(1000);
});
