/**
 * The Chromium that the tests and measurements drive: the one that PLAYWRIGHT_CHROMIUM names, one on PATH, or the one
 * that Playwright keeps for itself.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium as playwrightChromium } from '@playwright/test';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export const chromiumSwitches = [
  '--no-sandbox',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

const canRun = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Undefined where there is none on this machine. */
export function chromium(): string | undefined {
  const { PLAYWRIGHT_CHROMIUM, PATH = '' } = process.env;
  const installed = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [PLAYWRIGHT_CHROMIUM ?? [], installed, playwrightChromium.executablePath()].flat().find(canRun);
}
