/**
 * A simulation watched for an hour: what the window and the host hold in memory from minute to minute, after each has
 * thrown away what it can, MB. Flat is what the last half hour adds: nothing.
 */
import { execFileSync } from 'node:child_process';
import type { CDPSession } from '@playwright/test';
import { trainedChain } from './chain-project.ts';
import { countPictures } from './live-stream.ts';
import { withWindow } from './with-window.ts';

const BEADS = 60;
const MINUTES = Number(process.env.ERGODIC_MINUTES ?? 60);
/** A trajectory that does not end before the hour, of few frames. */
const SETTINGS = {
  Replicas: '1',
  'Time step': '0.0002',
  Friction: '10',
  'Evaluation time t': '0.02',
  Steps: '100000000',
  'Store every': '10000',
};

interface Minute {
  readonly minute: number;
  readonly pictures: number;
  /** What the page's scripts hold. */
  readonly scripts: number;
  /** The processes that draw, and the host with its jobs. */
  readonly renderer: number;
  readonly graphics: number;
  readonly host: number;
}

export function hourLongStream() {
  return withWindow(async (window) => {
    const { workstation, host, context } = window;
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
    const own = await context.newCDPSession(page);
    const whole = await context.browser()!.newBrowserCDPSession();
    const minutes: Minute[] = [];
    for (let minute = 0; minute <= MINUTES; minute++) {
      if (minute > 0) await page.waitForTimeout(60_000);
      const pictures = await page.evaluate(
        () => (globalThis as unknown as { counted: { pictures: number } }).counted.pictures,
      );
      minutes.push({ minute, pictures, ...(await memory(own, whole, host.process.pid!)) });
      console.error(JSON.stringify(minutes.at(-1)));
    }
    await workstation.work.getByRole('button', { name: /^Stop/ }).click();
    const added = (of: Exclude<keyof Minute, 'minute'>) => {
      const later = minutes.slice(-Math.ceil(minutes.length / 2));
      return slope(later.map((one) => one[of])) * (later.length - 1);
    };
    return {
      beads: BEADS,
      minutes: MINUTES,
      pictures: minutes.at(-1)!.pictures,
      addedInTheLaterHalf: {
        scripts: added('scripts'),
        renderer: added('renderer'),
        graphics: added('graphics'),
        host: added('host'),
      },
      course: minutes,
    };
  });
}

async function memory(
  page: CDPSession,
  browser: CDPSession,
  host: number,
): Promise<Omit<Minute, 'minute' | 'pictures'>> {
  await page.send('HeapProfiler.collectGarbage');
  const { usedSize } = await page.send('Runtime.getHeapUsage');
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo');
  const of = (type: string) => {
    const found = processInfo.filter((one) => one.type === type).map(({ id }) => resident(id));
    return found.reduce((sum, size) => sum + size, 0);
  };
  return { scripts: usedSize / 2 ** 20, renderer: of('renderer'), graphics: of('GPU'), host: resident(host) };
}

/** Of a process, MB; 0 once it is gone. */
function resident(id: number): number {
  try {
    return Number(execFileSync('ps', ['-o', 'rss=', '-p', `${id}`], { encoding: 'utf8' })) / 1024;
  } catch {
    return 0;
  }
}

/** Of the line nearest to all of them, from one to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  let [up, along] = [0, 0];
  for (const [i, value] of values.entries()) {
    up += (i - middle) * value;
    along += (i - middle) ** 2;
  }
  return up / along;
}
