/** A simulation with torsion moves, as a person sees it: what it is said to be, and no times. */
import { expect, test } from './fixtures.ts';

test(
  'torsion moves: steps instead of times, their acceptance and what the frames are worth',
  { tag: '@full' },
  async ({ workstation }, testInfo) => {
    test.setTimeout(240_000);
    const { page, stage } = workstation;
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await workstation.go('Simulate');
    await expect(workstation.map('Simulation: Free energy')).toBeVisible({ timeout: 60_000 });
    await expect(stage.getByText(/ps each, .* in all/)).toBeVisible();
    await stage.getByLabel('Torsion moves', { exact: true }).fill('3');
    await expect(stage.getByText(/^Torsions are turned between the steps/)).toBeVisible();
    await expect(stage.getByText(/ps each, .* in all/)).toBeHidden();
    const settings = { Replicas: '8', Steps: '4000', 'Moves every': '10' };
    for (const [label, value] of Object.entries(settings)) await stage.getByLabel(label, { exact: true }).fill(value);
    await stage.getByRole('button', { name: 'Simulate', exact: true }).click();
    await expect(stage.getByText('Potential energy')).toBeVisible({ timeout: 60_000 });
    await page.waitForTimeout(4000);
    await expect(stage.getByText('Throughput')).toBeHidden();
    await page.screenshot({ path: testInfo.outputPath('live.png') });
    await workstation.finished(180_000);
    await expect(stage.getByText('Effective samples')).toBeVisible({ timeout: 60_000 });
    await expect(stage.getByText('Moves accepted')).toBeVisible();
    await workstation.drawn();
    await page.screenshot({ path: testInfo.outputPath('stored.png') });
  },
);
