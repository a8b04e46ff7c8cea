/**
 * `npm test`: every check of the project, in the order of the table below, all of them even when one fails.
 * Ends with one plain line, `N passed, N failed`: unit tests, tests in a browser, and one for each other step.
 * With words after `--` (`npm test -- core/formats`) only the unit tests run, filtered by those words.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareEnvironment } from '../core/engines/webgpu/software.test-support.ts';
import { chromium } from '../e2e/chromium.ts';
import { countBrowserTests, countTests } from './count-tests.js';
import { beside, command, environment, node } from './processes.js';

const filters = process.argv.slice(2);

/**
 * Each step returns how many of its checks passed and failed; one that runs beside those after it promises so.
 */
const steps = [
  { name: 'kernels', run: () => one(node(['build/kernels.js'])) },
  { name: 'build', run: () => one(node(['build/bundle.js'])) },
  { name: 'types', run: () => one(command('tsc', ['--noEmit'])) },
  { name: 'types of the tests in a browser', run: () => one(command('tsc', ['--noEmit', '-p', 'e2e'])) },
  {
    name: 'types of the window',
    run: () => one(command('svelte-check', ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'])),
  },
  { name: 'lint and format', run: () => one(command('biome', ['check', '.'])) },
  { name: 'layers', run: () => one(node(['build/check-layers.js'])) },
  { name: 'gradcheck', run: derivatives },
  { name: 'unit tests', filtered: true, run: unitTests },
  { name: 'end to end', run: browserTests },
];

function one(status) {
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Tests wait for many things, those in a browser most of all: meanwhile there is a processor for this. */
async function derivatives() {
  const env = { ...environment(), ...softwareEnvironment() };
  const { status, said } = await beside('node', ['dist/ergodic.js', 'gradcheck'], { env });
  console.log(`\n— gradcheck, which ran beside them\n${said}`);
  return one(status);
}

function unitTests() {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-test-'));
  const report = join(folder, 'report.json');
  try {
    const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters];
    const status = command('vitest', words);
    return countTests(existsSync(report) ? readFileSync(report, 'utf8') : '', status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The product in a real browser, which not every machine has. */
function browserTests() {
  if (!chromium()) {
    console.log(
      'Skipped: no Chromium is installed (`apt-get install chromium`, or `npx playwright install chromium`).',
    );
    return { passed: 0, failed: 0 };
  }
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-browser-'));
  const report = join(folder, 'report.json');
  try {
    const env = { ...environment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report, ERGODIC_BUILT: '1' };
    const status = command('playwright', ['test', '--config', 'e2e/playwright.config.ts'], { env });
    return countBrowserTests(existsSync(report) ? readFileSync(report, 'utf8') : '', status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = steps.filter(({ filtered }) => filters.length === 0 || filtered);
const done = wanted.map((step) => {
  console.log(`\n— ${step.name}`);
  return { name: step.name, outcome: step.run() };
});
const total = { passed: 0, failed: 0 };
const failures = [];
for (const { name, outcome } of done) {
  const { passed, failed } = await outcome;
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(name);
}

if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}.`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
