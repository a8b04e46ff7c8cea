/**
 * The product as a person uses it, in a real Chromium: one that is installed on the machine, or else Playwright's own.
 * WebGL runs in software, so that pictures are the same everywhere; one page at a time, as tests share two cores with
 * what they train. `npx playwright test --config e2e` builds first; `npm test` has built already and says so.
 */
import { defineConfig } from '@playwright/test';
import { chromium, chromiumSwitches } from './chromium.ts';

const executablePath = chromium();

export default defineConfig({
  testDir: '.',
  outputDir: './artefacts',
  globalSetup: './set-up.ts',
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: process.env.PLAYWRIGHT_JSON_OUTPUT_FILE ? [['list'], ['json']] : 'list',
  use: {
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    launchOptions: { ...(executablePath ? { executablePath } : {}), args: chromiumSwitches },
  },
});
