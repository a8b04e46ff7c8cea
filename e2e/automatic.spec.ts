/**
 * The automatic method as a newcomer meets it: files are dropped, what will be trained is said, and training is started
 * without a setting; the way from there to experts of one's own, and back; the sample trained again. With ERGODIC_PICTURES the picture of the
 * documentation is written.
 */
import { join } from 'node:path';
import { seriousFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { smallTrajectory } from './sample-data.ts';
import { projectRoot } from './served-host.ts';
import type { Workstation } from './workstation.ts';

/** Of the documentation. */
const PICTURE = join(projectRoot, 'docs/pictures/workstation-automatic.png');

async function withData(workstation: Workstation, home: string): Promise<void> {
  const { structure, trajectory } = await smallTrajectory(join(home, 'given'));
  await workstation.drop(structure, trajectory);
  await workstation.page.getByRole('dialog').getByRole('button', { name: 'Use it' }).click();
  await expect(workstation.file(trajectory)).toContainText('1200');
}

test('from dropped files to a trained model without a setting', async ({ workstation, home }, testInfo) => {
  test.setTimeout(300_000);
  const { page, stage } = workstation;
  await withData(workstation, home);

  await test.step('what will be trained is said, and how long it takes', async () => {
    await workstation.go('Experts');
    await expect(stage.getByLabel('Layout')).toHaveValue('automatic');
    await expect(stage.getByText(/^Chosen: one invariant energy for all diffusion times/)).toBeVisible();
    const row = stage.getByRole('table').getByRole('row').nth(1);
    await expect(row).toContainText('0 to 1');
    await expect(stage.getByRole('button', { name: /^Expert 1, t from 0 to 1: energy, contrast 0\.05/ })).toBeVisible();
    await expect(stage.getByText(/for a first round; further rounds/)).toBeVisible({ timeout: 60_000 });
    await expect(workstation.mark('Experts')).toHaveAccessibleName(/ready$/);
    await page.screenshot({ path: testInfo.outputPath('automatic.png') });
    expect.soft(await seriousFindings(page)).toEqual([]);
    if (process.env.ERGODIC_PICTURES) await page.screenshot({ path: PICTURE });
  });

  await test.step('a time is chosen or typed; the steps follow it', async () => {
    const steps = stage.getByRole('table').getByRole('row').nth(1).getByRole('cell').nth(5);
    await expect(steps).toHaveText('12\u202f000');
    await stage.getByText('1 minute', { exact: true }).click();
    await expect(stage.getByLabel('Longest time to train')).toHaveValue('1');
    await stage.getByLabel('Longest time to train').fill('0.05');
    await expect(steps).not.toHaveText('12\u202f000');
    await expect(stage.getByText('with as many steps as fit')).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('three-seconds.png') });
  });

  await test.step('it is trained, and its page says how that went', async () => {
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
    await workstation.finished(180_000);
    const note = stage.getByRole('region', { name: 'Automatic training' });
    await expect(note).toContainText('Chosen: one invariant energy');
    await expect(note).toContainText(/Training ended after/);
    await expect(note.getByRole('row').nth(1)).toContainText(/\d\.\d\d ± \d\.\d\d/);
    await expect(stage.getByRole('img', { name: /^Torsion contrast/ })).toBeVisible();
    expect.soft(await seriousFindings(page)).toEqual([]);
    await page.screenshot({ path: testInfo.outputPath('trained.png') });
  });
});

test('what was chosen becomes experts of one’s own, which going back to Automatic keeps', async ({
  workstation,
  home,
}, testInfo) => {
  const { page, stage } = workstation;
  await withData(workstation, home);
  await stage.getByLabel('Which atoms').selectOption('alanine-dipeptide-10');
  await workstation.go('Experts');
  await expect(stage.getByRole('table').getByRole('row')).toHaveCount(3);
  await page.screenshot({ path: testInfo.outputPath('two.png') });
  await workstation.go('Train');
  await expect(stage.getByText(/^Judged by a few measured steps/)).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: testInfo.outputPath('new-run.png') });
  await workstation.go('Data');
  await stage.getByLabel('Which atoms').selectOption('alanine-dipeptide-5');
  await workstation.go('Experts');
  await expect(stage.getByRole('table').getByRole('row')).toHaveCount(2);
  const experts = stage.getByRole('region', { name: /^Expert \d/ });
  const layout = stage.getByLabel('Layout');
  await expect(stage.getByText(/^Chosen:/)).toBeVisible();
  await expect(experts).toHaveCount(0);

  await stage.getByRole('button', { name: 'Edit these settings' }).click();
  await expect(experts).toHaveCount(1);
  await expect(layout).toHaveValue('own');
  await expect(experts.getByLabel('Architecture')).toHaveValue('invariant');
  await expect(experts.getByLabel('Steps', { exact: true })).toHaveValue('12000');
  await expect(experts.getByLabel('Torsion contrast', { exact: true })).toHaveValue('0.05');
  await experts.getByText('Advanced').click();
  await expect(experts.getByLabel('Diffusion times drawn')).toHaveValue('mixed');
  await page.screenshot({ path: testInfo.outputPath('explicit.png') });
  await experts.getByLabel('Steps', { exact: true }).fill('321');

  await layout.selectOption('automatic');
  await expect(stage.getByText(/^Chosen:/)).toBeVisible();
  await expect(experts).toHaveCount(0);
  await layout.selectOption('aldp-plain-quick');
  await expect(experts.getByLabel('Architecture')).toHaveValue('graph-transformer');
  await layout.selectOption('own');
  await expect(experts.getByLabel('Architecture')).toHaveValue('invariant');
  await expect(experts.getByLabel('Steps', { exact: true })).toHaveValue('321');

  await layout.selectOption('automatic');
  await expect(experts).toHaveCount(0);
  await page.keyboard.press('Control+Z');
  await expect(experts.getByLabel('Steps', { exact: true })).toHaveValue('321');
});

test('the sample is trained again, live, at one press', async ({ workstation }, testInfo) => {
  const { page, stage, work } = workstation;
  await page.getByRole('button', { name: 'Open the sample' }).click();
  const again = stage.getByRole('button', { name: /^Train it again, live \(about \d+ s\)$/ });
  await expect(stage.getByRole('region', { name: 'The sample' }).getByRole('button')).toHaveCount(1);
  await expect(again).toBeVisible();
  await expect(workstation.map('Free energy over φ and ψ')).toBeVisible({ timeout: 60_000 });
  await page.screenshot({ path: testInfo.outputPath('sample.png') });
  await workstation.go('Experts');
  await expect(stage.getByLabel('Layout')).toHaveValue('automatic');

  await workstation.go('Train');
  const note = stage.getByRole('region', { name: 'Automatic training' });
  await expect(note).toContainText(/Training ended after/);
  await expect(note.getByRole('button')).toHaveCount(1);
  await page.screenshot({ path: testInfo.outputPath('trained.png') });
  await again.click();
  // Not the page of the old run any more, whose training is over.
  await expect(note).toContainText('Round 1 is trained', { timeout: 60_000 });
  await expect(again).toHaveCount(0);
  const expert = stage.getByRole('article', { name: 'Expert 1' });
  await expect(expert).toContainText(/denoising \d/, { timeout: 60_000 });
  await expect(expert).toContainText(/steps\/s/);
  await page.screenshot({ path: testInfo.outputPath('live.png') });
  expect.soft(await seriousFindings(page)).toEqual([]);
  await work.getByRole('button', { name: 'Stop' }).click();
  await expect(workstation.jobs('stopped')).toBeVisible({ timeout: 60_000 });
  await workstation.go('Data');
  await expect(stage.getByRole('region', { name: 'The sample' })).toHaveCount(0);
});
