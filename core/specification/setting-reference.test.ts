import { expect, test } from 'vitest';
import { settingReference, settingRows } from './setting-reference.ts';

test('the reference page names every setting once and is the one in docs', async () => {
  const page = settingReference();
  for (const key of [
    'experts[].alpha',
    'experts[].network<mlp>.widths',
    'simulate.timeStep',
    'checkpoint.everySteps',
  ]) {
    expect(page).toContain(`| \`${key}\` |`);
  }
  for (const { key } of settingRows()) expect(page.split(`\n| \`${key}\` |`)).toHaveLength(2);
  await expect(page).toMatchFileSnapshot('../../docs/settings.md');
});
