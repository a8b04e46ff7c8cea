/** A window to be measured: a home, a host and a browser of its own, all gone afterwards. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium as browsers } from '@playwright/test';
import { chromium, chromiumSwitches } from '../chromium.ts';
import { ServedHost } from '../served-host.ts';
import { Workstation } from '../workstation.ts';

export interface Measured {
  readonly workstation: Workstation;
  readonly host: ServedHost;
  readonly home: string;
  readonly context: BrowserContext;
}

export async function withWindow<R>(
  measure: (window: Measured) => Promise<R>,
  switches: readonly string[] = [],
): Promise<R> {
  const executablePath = chromium();
  if (!executablePath) throw new Error('No Chromium is installed: name one with PLAYWRIGHT_CHROMIUM.');
  await using opened = new AsyncDisposableStack();
  const home = opened.adopt(await mkdtemp(join(tmpdir(), 'ergodic-measure-')), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
  const host = opened.use(await ServedHost.start(home));
  const browser = opened.use(await browsers.launch({ executablePath, args: [...chromiumSwitches, ...switches] }));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const workstation = new Workstation(await context.newPage());
  await workstation.open(host.url);
  return await measure({ workstation, host, home, context });
}

/** The median, or another quantile. */
export function quantile(values: readonly number[], fraction = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? Number.NaN;
}
