/**
 * Every stage with real data, in light and dark: what axe finds, and pictures. With ERGODIC_PICTURES the pictures of the
 * documentation are written (docs/pictures/workstation-*.png); otherwise they only have to be there.
 */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { seriousFindings } from './axe.ts';
import { expect, test } from './fixtures.ts';
import { projectRoot } from './served-host.ts';
import type { StageTitle, Workstation } from './workstation.ts';

/** The last one leaves work behind. */
const STAGES: readonly StageTitle[] = ['Data', 'Experts', 'Train', 'Sample', 'Compare', 'Simulate'];
/** By the key that opens them. */
const DIALOGS = [
  ['Control+K', 'Command palette'],
  ['?', 'Keyboard'],
  ['Control+,', 'Settings'],
] as const;
/** Those of the documentation in the dark. */
const DARK: readonly StageTitle[] = ['Simulate', 'Compare'];
/** For a path on the map and a piece of every curve. */
const LONG_ENOUGH_MS = process.env.ERGODIC_PICTURES ? 12_000 : 3000;
const MOST_BYTES = 200_000;

const pictureOf = (stage: StageTitle, theme: string) =>
  join(projectRoot, `docs/pictures/workstation-${stage.toLowerCase()}${theme === 'dark' ? '-dark' : ''}.png`);

/** What a stage shows when all of it is there. */
async function complete(workstation: Workstation, title: StageTitle): Promise<void> {
  const { page, stage } = workstation;
  await workstation.go(title);
  switch (title) {
    case 'Data':
      await expect(workstation.map('Free energy over φ and ψ')).toBeVisible({ timeout: 60_000 });
      break;
    case 'Experts':
      await expect(stage.getByText(/of memory on this machine/)).toBeVisible({ timeout: 60_000 });
      break;
    case 'Train':
      await expect(stage.getByRole('img', { name: /^Denoising loss/ })).toBeVisible();
      break;
    case 'Sample':
      await expect(workstation.map('Samples: Free energy')).toBeVisible({ timeout: 60_000 });
      break;
    case 'Compare':
      await expect(workstation.map('Simulation: Free energy')).toBeVisible({ timeout: 60_000 });
      await workstation.point('Reference', [-75, -15]);
      await expect(stage.getByText('1 of 40')).toBeVisible();
      await page.mouse.move(0, 0);
      break;
    case 'Simulate':
      await expect(workstation.map('Simulation: Free energy')).toBeVisible({ timeout: 60_000 });
      await stage.getByLabel('Replicas', { exact: true }).fill('16');
      await stage.getByLabel('Steps', { exact: true }).fill('1000000');
      await stage.getByRole('button', { name: 'Simulate', exact: true }).click();
      await expect(stage.getByText(/\sconformations$/)).toBeVisible({ timeout: 60_000 });
      await page.waitForTimeout(LONG_ENOUGH_MS);
  }
  if (title !== 'Experts' && title !== 'Train') await workstation.drawn();
  await page.waitForTimeout(1500);
}

/** In the dark, only where everything is tested. */
const setOf = (theme: string) => (theme === 'dark' ? { tag: '@full' } : {});

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on any stage, ${theme}`, setOf(theme), async ({ workstation }, testInfo) => {
    test.setTimeout(240_000);
    const { page } = workstation;
    await page.emulateMedia({ colorScheme: theme });
    expect(await seriousFindings(page), 'the first page').toEqual([]);
    await page.screenshot({ path: testInfo.outputPath('start.png') });
    await page.getByRole('button', { name: 'Open the sample' }).click();
    for (const [key, dialog] of DIALOGS) {
      await page.keyboard.press(key);
      await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
      await page.screenshot({ path: testInfo.outputPath(`${dialog}.png`) });
      expect.soft(await seriousFindings(page), dialog).toEqual([]);
      await page.keyboard.press('Escape');
    }
    for (const stage of STAGES) {
      await complete(workstation, stage);
      await page.screenshot({ path: testInfo.outputPath(`${stage}.png`) });
      expect.soft(await seriousFindings(page), stage).toEqual([]);
      const kept = pictureOf(stage, theme);
      if (theme === 'dark' && !DARK.includes(stage)) continue;
      if (process.env.ERGODIC_PICTURES) await page.screenshot({ path: kept });
      expect.soft(existsSync(kept), `${kept} is there`).toBe(true);
      if (existsSync(kept)) expect.soft(statSync(kept).size, `bytes of ${kept}`).toBeLessThan(MOST_BYTES);
    }
    await workstation.stage.getByRole('button', { name: 'Stop' }).click();
    await expect(workstation.jobs('stopped')).toBeVisible();
  });
}
