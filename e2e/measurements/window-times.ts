/** How long a person waits for the window: its first picture, and each stage after a press of its key. Milliseconds. */
import type { Page } from '@playwright/test';
import type { StageTitle } from '../workstation.ts';
import { quantile, withWindow } from './with-window.ts';

const OPENINGS = 5;
const ROUNDS = 5;
const STAGES: readonly StageTitle[] = ['Data', 'Experts', 'Train', 'Sample', 'Simulate', 'Compare'];

/** From asking for the page, with nothing of it kept, to the first picture with words in it. */
export function firstPaint() {
  return withWindow(async ({ context, host }) => {
    const times: number[] = [];
    for (let opening = 0; opening < OPENINGS; opening++) {
      const fresh = await context.browser()!.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await fresh.newPage();
      await page.goto(host.url);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // What is in the page is on the screen a little later.
      const painted = await page.waitForFunction(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      );
      times.push((await painted.jsonValue())!);
      await fresh.close();
    }
    return { median: quantile(times), most: Math.max(...times), openings: OPENINGS };
  });
}

/** From the press to the picture that shows the stage: of the sample, the first time and later ones. */
export function stageSwitch() {
  return withWindow(async ({ workstation }) => {
    const { page } = workstation;
    await page.getByRole('button', { name: 'Open the sample' }).click();
    await workstation.drawn();
    await page.waitForTimeout(3000);
    const first: Record<string, number> = {};
    const later: Record<string, number> = {};
    const times = new Map<StageTitle, number[]>(STAGES.map((title) => [title, []]));
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, title] of [...STAGES.entries()].slice(round === 0 ? 1 : 0)) {
        const time = await timeTo(page, title, `${index + 1}`);
        if (round === 0) first[title] = time;
        else times.get(title)!.push(time);
        await page.waitForTimeout(1500);
      }
    }
    for (const [title, all] of times) later[title] = quantile(all);
    return { first, later, most: Math.max(...[...times.values()].flat()) };
  });
}

async function timeTo(page: Page, title: StageTitle, key: string): Promise<number> {
  await page.evaluate((wanted) => {
    document.documentElement.dataset.took = '';
    addEventListener(
      'keydown',
      ({ timeStamp }) => {
        const look = () => {
          const main = document.querySelector('main');
          const isThere = main?.getAttribute('aria-label') === wanted && Boolean(main.firstElementChild?.textContent);
          if (!isThere) return requestAnimationFrame(look);
          // The picture of this turn is on the screen when the next one begins.
          return requestAnimationFrame(() => {
            document.documentElement.dataset.took = String(performance.now() - timeStamp);
          });
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  }, title);
  await page.keyboard.press(`Control+${key}`);
  const took = await page.waitForFunction(() => document.documentElement.dataset.took);
  return Number(await took.jsonValue());
}
