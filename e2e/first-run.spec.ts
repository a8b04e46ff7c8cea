/** The first minute: an empty profile, the sample project, a free-energy surface and a molecule, nothing trained. */
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
