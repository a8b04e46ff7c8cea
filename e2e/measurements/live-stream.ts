/**
 * A simulation of a chain of 300 beads, watched: how many pictures of it a person sees in a second, drawn in software,
 * and how fast it is beside one that nobody watches. Watched and unwatched ones take turns.
 */
import type { Page } from '@playwright/test';
import { allOver, secondsOf, trainedChain } from './chain-project.ts';
import { quantile, withWindow } from './with-window.ts';

const BEADS = 300;
const ROUNDS = 5;
/** That a simulation lasts. */
const SECONDS = 15;
const SETTINGS = { Replicas: '1', 'Time step': '0.0002', Friction: '10', 'Evaluation time t': '0.02' };

export function liveStream() {
  return withWindow(async (window) => {
    const { workstation, home, host } = window;
    const { page, stage } = workstation;
    await countPictures(page);
    await page.goto('about:blank');
    await workstation.open(host.url);
    await trainedChain(window, BEADS);
    const watched: number[] = [];
    const alone: number[] = [];
    const pictures: number[] = [];
    let steps = 1000;
    for (let round = -1; round < ROUNDS; round++) {
      for (const isWatched of [true, false]) {
        await workstation.go('Simulate');
        for (const [label, value] of Object.entries(SETTINGS))
          await stage.getByLabel(label, { exact: true }).fill(value);
        // Other settings each time, or what is there would do.
        steps++;
        await stage.getByLabel('Steps', { exact: true }).fill(`${steps}`);
        await stage.getByRole('button', { name: 'Simulate', exact: true }).first().click();
        await workstation.jobs('at work').waitFor();
        if (isWatched) {
          await page.waitForTimeout(3000);
          pictures.push(await picturesPerSecond(page, 5));
        } else await page.goto('about:blank');
        await allOver(home);
        const speed = steps / (await secondsOf(home, 'simulate'));
        (isWatched ? watched : alone).push(speed);
        if (!isWatched) await workstation.open(host.url);
      }
      // The first round only tells how many steps last so long.
      if (round >= 0) continue;
      steps = Math.round(SECONDS * alone[0]!);
      for (const list of [watched, alone, pictures]) list.length = 0;
    }
    return {
      beads: BEADS,
      picturesPerSecond: quantile(pictures),
      stepsPerSecond: { watched: quantile(watched), alone: quantile(alone) },
      // Each beside its neighbour: how fast the machine is changes.
      ratio: quantile(watched.map((speed, round) => speed / alone[round]!)),
      rounds: { watched, alone, pictures },
    };
  });
}

/** A picture is a turn of the browser in which a molecule was drawn: with WebGL, or by the processor over it. */
export async function countPictures(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const counted = { pictures: 0 };
    Object.assign(window, { counted });
    // The time of a turn of the browser; asking for every turn would be work of its own.
    let drawnAt: CSSNumberish | null = null;
    const note = () => {
      const { currentTime } = document.timeline;
      if (currentTime !== drawnAt) counted.pictures++;
      drawnAt = currentTime;
    };
    const { prototype } = WebGL2RenderingContext;
    for (const name of ['drawArrays', 'drawElements', 'drawElementsInstanced', 'drawArraysInstanced'] as const) {
      const draw = prototype[name] as (...words: number[]) => void;
      prototype[name] = function (this: WebGL2RenderingContext, ...words: number[]) {
        note();
        draw.apply(this, words);
      };
    }
    const { putImageData } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.putImageData = function (...words: unknown[]) {
      if (this.canvas.closest('.molecule')) note();
      (putImageData as (...words: unknown[]) => void).apply(this, words);
    };
  });
}

async function picturesPerSecond(page: Page, seconds: number): Promise<number> {
  const told = () =>
    page.evaluate(() => [(window as unknown as { counted: { pictures: number } }).counted.pictures, performance.now()]);
  const [before, from] = await told();
  await page.waitForTimeout(1000 * seconds);
  const [after, to] = await told();
  return (1000 * (after! - before!)) / (to! - from!);
}
