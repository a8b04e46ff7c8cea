/** The first minute: an empty profile, a sample project, a free-energy surface and a molecule, nothing trained. */
import { expect, test } from './fixtures.ts';

test('the first surface is two clicks away from an empty profile, without training', async ({ workstation }) => {
  const { page, stage } = workstation;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(stage.getByRole('application', { name: /Free energy over φ and ψ\. Lowest at/ })).toBeVisible({
    timeout: 60_000,
  });
  await workstation.drawn();
  await expect(workstation.work).toContainText('No job running');
});

test('100,000 conformations of ethanol are four clicks away from an empty profile', async ({ workstation }) => {
  test.setTimeout(300_000);
  const { page, stage } = workstation;
  await page.getByRole('button', { name: 'Open a second one: ethanol' }).click();
  await expect(stage.getByRole('region', { name: 'The sample' })).toContainText('the methyl group never turned');
  await expect(workstation.map('Free energy over')).toBeVisible({ timeout: 60_000 });
  await stage.getByRole('button', { name: 'Go to Sample' }).click();
  await expect(stage.getByLabel('Samples', { exact: true })).toHaveValue('100000');
  await expect(workstation.map('Samples: Free energy')).toBeVisible({ timeout: 60_000 });
  await stage.getByRole('button', { name: 'Draw samples' }).first().click();
  await workstation.finished(200_000);
  await expect(stage.getByText(/of 100\s000\ssamples/)).toBeVisible({ timeout: 60_000 });
  await workstation.drawn();
});
