/**
 * A simulation of a chain of 300 beads, watched: how many pictures of it a person sees in a second, drawn in software,
 * and how fast it is beside a time in which there is no window. The two take turns within one simulation, many times, as
 * how fast the machine is changes from one moment to the next; the window is held by stopping all its processes, since
 * opening one anew would be work of its own.
 */
import type { CDPSession, Page } from '@playwright/test';
import { BrowserWindow } from '../../core/host/http/browser.test-support.ts';
import { trainedChain } from './chain-project.ts';
import { quantile, withWindow } from './with-window.ts';

const BEADS = 300;
const ROUNDS = 30;
/** Seconds: until a new window has settled, one that was held or let go has, and of one look. */
const OPENING = 10;
const SETTLING = 1;
const LOOK = 4;
/** One that does not end before the measurement. */
const SETTINGS = {
  Replicas: '1',
  'Time step': '0.0002',
  Friction: '10',
  'Evaluation time t': '0.02',
  Steps: '10000000',
  'Store every': '100',
};

export function liveStream() {
  return withWindow(async (window) => {
    const { workstation, host } = window;
    const { page, stage } = workstation;
    await countPictures(page);
    await page.goto('about:blank');
    await workstation.open(host.url);
    await trainedChain(window, BEADS);
    await workstation.go('Simulate');
    await stage.getByText('More settings').click();
    for (const [label, value] of Object.entries(SETTINGS)) await stage.getByLabel(label, { exact: true }).fill(value);
    await stage.getByRole('button', { name: 'Simulate', exact: true }).first().click();
    await workstation.jobs('running').waitFor();
    const progress = await Progress.of(page, host.url);
    const [watched, alone, pictures]: [number[], number[], number[]] = [[], [], []];
    const browser = await window.context.browser()!.newBrowserCDPSession();
    await page.waitForTimeout(1000 * OPENING);
    for (let round = 0; round < ROUNDS; round++) {
      await page.waitForTimeout(1000 * SETTLING);
      progress.begin();
      pictures.push(await picturesPerSecond(page, LOOK));
      watched.push(progress.stepsPerSecond());
      const letGo = await held(browser);
      await sleep(SETTLING);
      progress.begin();
      await sleep(LOOK);
      alone.push(progress.stepsPerSecond());
      letGo();
    }
    progress.close();
    await workstation.work.getByRole('button', { name: /^Stop/ }).click();
    // Each beside its neighbours, before and after.
    const ratios = watched.map((speed, round) => (2 * speed) / (alone[Math.max(0, round - 1)]! + alone[round]!));
    return {
      beads: BEADS,
      picturesPerSecond: spread(pictures),
      stepsPerSecond: { watched: spread(watched), alone: spread(alone) },
      ratio: spread(ratios),
    };
  });
}

const sleep = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** All processes of a browser stand still until what is returned is called. */
async function held(browser: CDPSession): Promise<() => void> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const tell = (signal: NodeJS.Signals) => {
    for (const { id } of processInfo) process.kill(id, signal);
  };
  tell('SIGSTOP');
  return () => tell('SIGCONT');
}

const spread = (values: readonly number[]) => ({
  middle: quantile(values),
  quarters: [quantile(values, 0.25), quantile(values, 0.75)],
});

/** How far the only simulation is, as the host tells every window. */
class Progress {
  readonly #window: BrowserWindow;
  #told: { readonly time: number; readonly steps: number }[] = [];

  private constructor(window: BrowserWindow) {
    this.#window = window;
    let heard = 0;
    void window.until(() => {
      const events = window.heard('jobs.changed');
      if (events.length === heard) return false;
      heard = events.length;
      const tasks = events.at(-1)!.jobs.flatMap((job) => job.tasks);
      const steps = tasks.find(({ name }) => name === 'simulating')?.done;
      if (steps !== undefined) this.#told.push({ time: performance.now(), steps });
      return false;
    });
  }

  static async of(page: Page, url: string): Promise<Progress> {
    const token = await page.evaluate(() => sessionStorage.getItem('ergodic.token'));
    return new Progress(await BrowserWindow.open(new URL(url).host, token!));
  }

  begin(): void {
    this.#told = [];
  }

  /** Since the beginning. */
  stepsPerSecond(): number {
    const [first, last] = [this.#told[0]!, this.#told.at(-1)!];
    return (1000 * (last.steps - first.steps)) / (last.time - first.time);
  }

  close(): void {
    this.#window.close();
  }
}

/** A picture is a turn of the browser in which a molecule was drawn: with WebGL, or by the CPU over it. */
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
