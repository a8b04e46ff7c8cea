/** A one-step generator as a person meets it: chosen in place of experts, trained, sampled, not simulated, and compared. */
import { join } from 'node:path';
import { seriousFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { smallTrajectory } from './sample-data.ts';

test('a generator of a molecule: what it needs of the files, its samples, and the way to a model with dynamics', async ({
  workstation,
  home,
}, testInfo) => {
  test.setTimeout(300_000);
  const { page, stage } = workstation;
  const { structure, trajectory } = await smallTrajectory(join(home, 'given'));
  await workstation.drop(structure, trajectory);
  await page.getByRole('dialog').getByRole('button', { name: 'Use it' }).click();

  await test.step('files without forces serve no weights and no guidance that need them', async () => {
    await expect(stage.getByText(/^These files have neither energies nor forces/)).toBeVisible();
    const weights = stage.getByLabel('Weights of the frames');
    await expect(weights.getByRole('option', { name: 'Forces', exact: true })).toBeDisabled();
    await weights.selectOption('given');
    await expect(stage.getByText(/^An NPY or CSV file of 1200\snumbers, one for each frame/)).toBeVisible();
    await weights.scrollIntoViewIfNeeded();
    await page.screenshot({ path: testInfo.outputPath('weights.png') });
    await weights.selectOption('none');
    await expect(stage.getByLabel('Temperature of the data')).toBeVisible();
    expect.soft(await seriousFindings(page)).toEqual([]);
  });

  await test.step('what it can and cannot do is said beside its settings', async () => {
    await workstation.go('Experts');
    await stage.getByLabel('Layout').selectOption('generator');
    await expect(stage.getByText(/makes a conformation in one call/)).toBeVisible();
    const compared = stage.getByLabel('Representation');
    await compared.selectOption('scaled-distances');
    await expect(stage.getByText('Distances do not tell mirror images apart.')).toBeVisible();
    await compared.selectOption('turns-and-slices');
    await expect(stage.getByText(/no forces, which guidance needs: TRR, extended XYZ and NPZ files/)).toBeVisible();
    await expect(stage.getByRole('button', { name: 'Split' })).toBeHidden();
    await stage.getByLabel('Steps', { exact: true }).fill('60');
    await expect(workstation.mark('Experts')).toHaveAccessibleName(/ready$/);
    await expect(stage.getByText(/^About .* of memory on this machine/)).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: testInfo.outputPath('generator.png') });
    expect.soft(await seriousFindings(page)).toEqual([]);
  });

  await test.step('it is trained, and the field of each bandwidth is a curve of one chart', async () => {
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
    await workstation.finished(180_000);
    await expect(stage.getByRole('img', { name: /^Drift field of each bandwidth h/ })).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('trained.png') });
  });

  await test.step('samples are drawn without a solver', async () => {
    await workstation.go('Sample');
    await expect(stage.getByLabel('Solver')).toHaveCount(0);
    await stage.getByLabel('Samples', { exact: true }).fill('2000');
    await stage.getByRole('button', { name: 'Draw samples' }).first().click();
    await workstation.finished(120_000);
    await expect(workstation.map('Samples: Free energy')).toBeVisible({ timeout: 60_000 });
    await expect(stage.getByText(/^[\d\s]+ conformations\/s$/)).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('samples.png') });
  });

  await test.step('there is nothing to simulate with: its samples become data of a diffusion model', async () => {
    await workstation.go('Simulate');
    await expect(stage.getByText(/It has no energy, so there is no force for dynamics/)).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('simulate.png') });
    await stage.getByRole('button', { name: 'Train a diffusion model on its samples' }).click();
    await expect(page.getByRole('main', { name: 'Experts' })).toBeVisible({ timeout: 60_000 });
    await expect(stage.getByLabel('Layout')).toHaveValue('automatic');
    await workstation.go('Data');
    await expect(stage.getByRole('row').filter({ hasText: '2000' })).toBeVisible({ timeout: 30_000 });
    await page.screenshot({ path: testInfo.outputPath('data-of-samples.png') });
  });
});

test('biased samples of a toy are weighed, a guided generator learns them, and a diffusion model is compared with it', async ({
  workstation,
}, testInfo) => {
  test.setTimeout(400_000);
  const { page, stage } = workstation;
  await page.getByRole('button', { name: /^New project/ }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Biased');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await stage.getByRole('button', { name: 'Use a model potential' }).click();

  await test.step('another temperature, and weights that undo it', async () => {
    await stage.getByLabel('Training samples').fill('4000');
    await stage.getByLabel('Temperature of the data').fill('1.5');
    await stage.getByLabel('Weights of the samples').selectOption('energies');
    await expect(stage.getByText(/^4000\sconformations, worth \d+ of equal weight$/)).toBeVisible({
      timeout: 60_000,
    });
    await page.screenshot({ path: testInfo.outputPath('toy-energies.png') });
    await stage.getByLabel('Weights of the samples').selectOption('forces');
    await expect(stage.getByRole('button', { name: /^Weights learned from forces: derived/ })).toBeVisible();
    await expect(stage.getByText(/^4000\sconformations, worth \d+ of equal weight$/)).toBeVisible({
      timeout: 60_000,
    });
    await page.screenshot({ path: testInfo.outputPath('toy-forces.png') });
    expect.soft(await seriousFindings(page)).toEqual([]);
  });

  await test.step('guidance shows its own settings, and what does not go with it', async () => {
    await workstation.go('Experts');
    await stage.getByLabel('Layout').selectOption('generator');
    await stage.getByLabel('Guidance by forces', { exact: true }).selectOption('fi');
    await expect(stage.getByLabel('Part of the forces ω')).toBeVisible();
    await expect(stage.getByText(/far below the width of the basins/).first()).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('fi.png') });
    await stage.getByLabel('Guidance by forces', { exact: true }).selectOption('fk');
    await expect(stage.getByLabel('Factor of the tilt γ')).toBeVisible();
    await expect(stage.getByLabel('Part of the forces ω')).toHaveCount(0);
    await stage.getByRole('textbox', { name: 'Langevin step' }).fill('0.2');
    await expect(stage.getByText(/after a Langevin step frames are no longer where/).first()).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('fault.png') });
    await stage.getByRole('textbox', { name: 'Langevin step' }).fill('0');
    await stage.getByLabel('Steps', { exact: true }).fill('200');
    await expect(workstation.mark('Experts')).toHaveAccessibleName(/ready$/);
    await page.screenshot({ path: testInfo.outputPath('fk.png') });
    expect.soft(await seriousFindings(page)).toEqual([]);
  });

  await test.step('trained and drawn from, with its speed', async () => {
    await workstation.go('Train');
    await page.screenshot({ path: testInfo.outputPath('new-run.png') });
    await stage.getByRole('textbox', { name: 'Name' }).fill('guided');
    await workstation.go('Experts');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await workstation.finished(180_000);
    await page.screenshot({ path: testInfo.outputPath('toy-trained.png') });
    await workstation.go('Sample');
    await stage.getByLabel('Samples', { exact: true }).fill('5000');
    await stage.getByRole('button', { name: 'Draw samples' }).first().click();
    await workstation.finished(120_000);
    await expect(stage.getByText(/^[\d\s]+ conformations\/s$/)).toBeVisible({ timeout: 60_000 });
    await page.screenshot({ path: testInfo.outputPath('toy-samples.png') });
  });

  await test.step('for dynamics a diffusion model of the same data is one click away', async () => {
    await workstation.go('Simulate');
    await expect(stage.getByRole('button', { name: 'Train a diffusion model on its samples' })).toHaveCount(0);
    await stage.getByRole('button', { name: 'Train a diffusion model on the same data' }).click();
    await expect(page.getByRole('main', { name: 'Experts' })).toBeVisible();
    await expect(stage.getByLabel('Layout')).toHaveValue('automatic');
    await workstation.oneExpert();
    await stage.getByLabel('Steps', { exact: true }).fill('300');
    await expect(workstation.mark('Experts')).toHaveAccessibleName(/ready$/);
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await workstation.finished(180_000);
    await workstation.go('Sample');
    await stage.getByLabel('Samples', { exact: true }).fill('5000');
    await stage.getByLabel('Steps', { exact: true }).fill('20');
    await stage.getByRole('button', { name: 'Draw samples' }).first().click();
    await workstation.finished(120_000);
  });

  await test.step('both stand side by side on one scale, with their methods', async () => {
    await workstation.go('Compare');
    await stage.getByRole('button', { name: 'Overlay runs' }).click();
    await page.getByRole('menuitem', { name: /guided/ }).click();
    await expect(workstation.map('Samples, guided: Free energy')).toBeVisible({ timeout: 60_000 });
    await expect(workstation.map('Samples, guided-diffusion: Free energy')).toBeVisible();
    await expect(stage.getByText('One-step generator').first()).toBeVisible();
    await page.screenshot({ path: testInfo.outputPath('compare.png') });
    for (const tab of ['Profiles', 'Bonds and contacts', 'Fokker–Planck residual', 'Settings']) {
      await stage.getByRole('tab', { name: tab }).click();
      await page.screenshot({ path: testInfo.outputPath(`compare-${tab.split(' ')[0]}.png`) });
    }
    expect.soft(await seriousFindings(page)).toEqual([]);
  });
});
