/**
 * `npm start`, `npm test` and `npm run test:full`: everything from a fresh clone to the thing that was asked for.
 * Needs only Node >= 20.19 and npm; installs what package-lock.json names when it is missing or has
 * changed, builds, then runs the target with node_modules/.bin first on PATH, so that all further steps run on the Node
 * version this project pins. The window opens in Electron where its runtime is there, in a browser otherwise.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { electronRuntime } from './electron-runtime.js';
import { command, node, npm, projectRoot } from './processes.js';

const lockFile = `${projectRoot}/package-lock.json`;
const stampFile = `${projectRoot}/node_modules/.ergodic-installed`;
const installedLockFile = `${projectRoot}/node_modules/.package-lock.json`;

/** The commands behind them; words typed after `--` are appended. */
const targets = {
  start: { prepare: [['build/kernels.js'], ['build/bundle.js']], run: startWindow },
  test: { prepare: [], run: (words) => node(['build/test.js', ...words]) },
  'test:full': { prepare: [], run: (words) => node(['build/test.js', '--full', ...words]) },
};

function startWindow(words) {
  const electron = electronRuntime(`${projectRoot}/node_modules/electron`);
  if (electron) return command(electron, ['.', ...words]);
  console.error(
    'The runtime of Electron is not here (`npx install-electron` fetches it): the window opens in your browser instead.',
  );
  return node(['dist/ergodic.js', 'serve', '--open', ...words]);
}

function lockDigest() {
  return createHash('sha256').update(readFileSync(lockFile)).digest('hex');
}

/** A person may have run `npm install` already: npm's own record is then newer than the lock file. */
function isInstalled() {
  if (existsSync(stampFile)) return readFileSync(stampFile, 'utf8') === lockDigest();
  return existsSync(installedLockFile) && statSync(installedLockFile).mtimeMs >= statSync(lockFile).mtimeMs;
}

function install() {
  if (!isInstalled()) {
    console.error('Installing the packages named in package-lock.json …');
    const status = npm(['ci', '--loglevel=error', '--no-audit', '--no-fund']);
    if (status !== 0) {
      console.error(
        '`npm ci` failed: see its message above; a network connection or a package registry may be missing.',
      );
      process.exit(status);
    }
  }
  writeFileSync(stampFile, lockDigest());
  if (command('node', ['--version'], { stdio: 'ignore' }) !== 0) {
    console.error('The pinned Node in node_modules/node does not start here: install Node 24 and run this again.');
    process.exit(1);
  }
}

const [name, ...words] = process.argv.slice(2);
const target = Object.hasOwn(targets, name) ? targets[name] : undefined;
if (!target) {
  console.error(`Usage: node build/setup.js ${Object.keys(targets).join('|')} [words for the command]`);
  process.exit(2);
}
install();
for (const step of target.prepare) {
  const status = node(step);
  if (status !== 0) process.exit(status);
}
process.exit(target.run(words));
