/**
 * `npm test`: every behaviour of the product, checked in minutes; `npm run test:full`: everything there is (every engine
 * and width, the GPU in a browser, long runs). Steps of the table below, all of them even when one fails; each says when
 * it has ended. Ends with the time of each step and one plain line, `N passed, N failed`: unit tests, tests in a browser,
 * and one for each other step.
 * With words after `--` (`npm test -- core/formats`) only the unit tests run whose path contains them, long ones too.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareEnvironment } from '../core/engines/webgpu/software.test-support.ts';
import { chromium } from '../e2e/chromium.ts';
import { countBrowserTests, countTests, stepTable } from './count-tests.js';
import { environment, started } from './processes.js';

const given = process.argv.slice(2);
const full = given[0] === '--full';
const filters = full ? given.slice(1) : given;
const isLong = full || filters.length > 0;

/** Everything after them needs these, one after the other. */
const builds = [step('kernels', 'node', ['build/kernels.js']), step('build', 'node', ['build/bundle.js'])];

/**
 * Tests in a browser wait for most of their time. So unit tests and checks run beside them, at a lower priority: about that
 * of jobs in the product (10), which the browser's tests wait for. What takes minutes of a core has the lowest.
 */
const [BESIDE, AT_LEISURE] = [9, constants.priority.PRIORITY_LOW];

const beside = { priority: BESIDE };
const checks = [
  step('lint and format', 'biome', ['check', '.'], beside),
  step('layers', 'node', ['build/check-layers.js'], beside),
  step('words', 'node', ['build/check-words.js'], beside),
  step('types', 'tsc', ['--noEmit'], beside),
  step('types of the tests in a browser', 'tsc', ['--noEmit', '-p', 'e2e'], beside),
  step('types of the window', 'svelte-check', ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings'], beside),
];
const derivatives = step('gradcheck', 'node', ['dist/ergodic.js', 'gradcheck'], {
  priority: AT_LEISURE,
  env: { ...environment(), ...softwareEnvironment() },
});

const unitTests = { name: 'unit tests', run: () => counted(unitTestsInto, countTests) };
const browserTests = { name: 'end to end', run: browser };

/** A step of one check: a program that ends well. */
function step(name, program, words, options) {
  const run = async () => {
    const { status, said } = await started(program, words, options);
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, said };
  };
  return { name, run };
}

/** A test program that leaves a report, which is counted. */
async function counted(start, count) {
  const folder = mkdtempSync(join(tmpdir(), 'ergodic-test-'));
  const report = join(folder, 'report.json');
  try {
    const { status, said } = await start(report);
    return { ...count(existsSync(report) ? readFileSync(report, 'utf8') : '', status), said };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The one step that talks while it runs. */
function unitTestsInto(report) {
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...filters];
  const options = { stdio: 'inherit', priority: BESIDE };
  return started('vitest', isLong ? words : [...words, '--tags-filter=!full'], options);
}

/** The product in a real browser, which not every machine has. */
function browser() {
  if (!chromium()) {
    const said =
      'Skipped: no Chromium is installed (`apt-get install chromium`, or `npx playwright install chromium`).';
    return { passed: 0, failed: 0, said };
  }
  return counted((report) => {
    const env = { ...environment(), PLAYWRIGHT_JSON_OUTPUT_FILE: report, ERGODIC_BUILT: '1' };
    const words = ['test', '--config', 'e2e/playwright.config.ts'];
    return started('playwright', isLong ? words : [...words, '--grep-invert=@full'], { env });
  }, countBrowserTests);
}

const outcomes = [];

/** One after the other; what a step said is shown when it has ended, so that it stands together. */
async function inOrder(steps) {
  for (const { name, run } of steps) {
    const begin = performance.now();
    const { said, ...counts } = await run();
    const seconds = (performance.now() - begin) / 1000;
    console.log(`\n— ${name}\n${said}`.trimEnd());
    outcomes.push({ name, seconds, ...counts });
  }
}

if (filters.length > 0) await inOrder([unitTests]);
else {
  await inOrder(builds);
  await Promise.all([inOrder([browserTests]), inOrder([unitTests]), inOrder(full ? [...checks, derivatives] : checks)]);
}

const sum = (of) => outcomes.reduce((total, outcome) => total + outcome[of], 0);
console.log(`\n${stepTable(outcomes)}`);
const failures = outcomes.filter(({ failed }) => failed > 0).map(({ name }) => name);
if (failures.length > 0) console.log(`\nFailed: ${failures.join(', ')}.`);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
