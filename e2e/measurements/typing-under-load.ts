/**
 * How soon a letter that is typed is seen, alone and while a training uses every core: the browser's own account of
 * events, from the key to the next picture, in milliseconds and in steps of eight.
 */
import type { Page } from '@playwright/test';
import { quantile, withWindow } from './with-window.ts';

const LETTERS = 80;
/** ms between two of them: a quick typist. */
const PACE = 90;

export function typingUnderLoad() {
  return withWindow(async ({ workstation }) => {
    const { page, stage } = workstation;
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await workstation.drawn();
    const alone = await typed(page);
    await workstation.go('Experts');
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await workstation.work.getByText(/steps\/s/).waitFor({ timeout: 60_000 });
    await workstation.go('Data');
    await workstation.drawn();
    await page.waitForTimeout(3000);
    const training = await typed(page);
    await workstation.work.getByRole('button', { name: /^Stop/ }).click();
    return { alone, training };
  });
}

/** A selection, which the host answers as it grows. */
async function typed(page: Page) {
  await page.getByLabel('Which atoms').selectOption('selection');
  const field = page.getByLabel('Selection (NGL syntax)');
  await field.fill('');
  await page.evaluate(() => {
    const seen: Record<number, number> = {};
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId: number })[]) {
        const { interactionId, duration } = entry;
        if (interactionId > 0) seen[interactionId] = Math.max(seen[interactionId] ?? 0, duration);
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
  await field.pressSequentially('(ALA and backbone) or '.repeat(10).slice(0, LETTERS), { delay: PACE });
  await page.waitForTimeout(500);
  const slow = await page.evaluate(() => Object.values((window as unknown as { seen: Record<number, number> }).seen));
  await page.getByLabel('Which atoms').selectOption('alanine-dipeptide-5');
  // What took less than two pictures is not told of.
  const all = [...slow, ...new Array<number>(Math.max(0, LETTERS - slow.length)).fill(16)];
  return { letters: all.length, median: quantile(all), p95: quantile(all, 0.95), most: Math.max(...all) };
}
