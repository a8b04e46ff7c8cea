/** A one-step generator as a person meets it: chosen in place of experts, trained, sampled, and not simulated. */
import { join } from 'node:path';
import { seriousFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { smallTrajectory } from './sample-data.ts';

test('a generator is trained and drawn from, and the window says why it does not simulate', async ({
  workstation,
  home,
}, testInfo) => {
  test.setTimeout(300_000);
  const { page, stage } = workstation;
  const { structure, trajectory } = await smallTrajectory(join(home, 'given'));
  await workstation.drop(structure, trajectory);
  await page.getByRole('dialog').getByRole('button', { name: 'Use it' }).click();
  await workstation.go('Experts');

  await test.step('what it can and cannot do is said beside its settings', async () => {
    await stage.getByLabel('Layout').selectOption('generator');
    await expect(stage.getByText(/^It draws samples, and that is all/)).toBeVisible();
    await expect(stage.getByText('Distances do not tell mirror images apart.')).toBeVisible();
    await expect(stage.getByRole('button', { name: 'Split' })).toBeHidden();
    await stage.getByLabel('Steps', { exact: true }).fill('60');
    await expect(workstation.mark('Experts')).toHaveAccessibleName(/ready$/);
    await expect(stage.getByText(/^About .* of memory on this machine/)).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: testInfo.outputPath('generator.png') });
    expect.soft(await seriousFindings(page)).toEqual([]);
  });

  await test.step('it is trained, and the field of each bandwidth is shown', async () => {
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
    await workstation.finished(180_000);
    await expect(stage.getByRole('img', { name: /^Drift field, h = 0\.05/ })).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('trained.png') });
  });

  await test.step('samples are drawn without a solver', async () => {
    await workstation.go('Sample');
    await expect(stage.getByLabel('Solver')).toHaveCount(0);
    await stage.getByLabel('Samples', { exact: true }).fill('2000');
    await stage.getByRole('button', { name: 'Draw samples' }).first().click();
    await workstation.finished(120_000);
    await expect(workstation.map('Samples: Free energy')).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: testInfo.outputPath('samples.png') });
  });

  await test.step('there is nothing to simulate with', async () => {
    await workstation.go('Simulate');
    await expect(stage.getByText(/no force|cannot be simulated|has no/i).first()).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('simulate.png') });
  });
});
