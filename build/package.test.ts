/**
 * The desktop application as electron-builder packs it: what its configuration says is valid, is there, and is all there
 * is. The runtime of Electron is a stand-in with the sentinel in which fuses are set; everything else is as it ships.
 */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../core/runs/small-run.test-support.ts';
import configuration from './electron-builder.js';
import { command, projectRoot } from './processes.js';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const application = folder.in('release/linux-unpacked');
const inApplication = (...names: string[]) => join(application, ...names);

/** A file with the fuses of Electron in it, nine of them and none set (@electron/fuses, constants). */
function writeStandInRuntime(runtime: string): void {
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  mkdirSync(join(runtime, 'locales'));
  for (const language of ['en-US', 'de']) writeFileSync(join(runtime, 'locales', `${language}.pak`), '');
  writeFileSync(join(runtime, 'LICENSE'), '');
  const wire = Buffer.concat([
    Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.of(1, 9),
    Buffer.from('0'.repeat(9)),
  ]);
  writeFileSync(join(runtime, 'electron'), wire);
  chmodSync(join(runtime, 'electron'), 0o755);
}

interface Entry {
  readonly files?: Record<string, Entry>;
  readonly unpacked?: boolean;
}

/** What is in an archive, by path; whether it lies beside it instead. The header is JSON behind four lengths. */
function contentsOf(archive: string): Map<string, boolean> {
  const bytes = readFileSync(archive);
  const header = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as Entry;
  const contents = new Map<string, boolean>();
  const walk = (entry: Entry, path: string) => {
    for (const [name, each] of Object.entries(entry.files ?? {})) {
      if (each.files) walk(each, `${path}${name}/`);
      else contents.set(`${path}${name}`, each.unpacked ?? false);
    }
  };
  walk(header, '');
  return contents;
}

const filesUnder = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
    .sort();

beforeAll(() => {
  const runtime = folder.in('runtime');
  writeStandInRuntime(runtime);
  const words = ['--linux', 'dir', '--config', 'build/electron-builder.js'];
  const own = [`-c.electronDist=${runtime}`, `-c.directories.output=${folder.in('release')}`];
  // electron-builder checks the configuration against its own schema first.
  expect(command('electron-builder', [...words, ...own], { stdio: 'pipe' })).toBe(0);
}, 180_000);

test('the application holds what it runs, and no package of node_modules', () => {
  const contents = contentsOf(inApplication('resources', 'app.asar'));
  const window = filesUnder(join(projectRoot, 'dist/renderer')).map((name) => `dist/renderer/${name}`);
  const own = configuration.files.filter((name) => !/[*!]/.test(name));
  expect([...contents.keys()].sort()).toEqual([...own, ...window].sort());
  for (const name of own) expect(existsSync(join(projectRoot, name)), name).toBe(true);
});

test('what threads are made of lies beside the archive, as it was built, with the word that it is modules', () => {
  const beside = filesUnder(inApplication('resources', 'app.asar.unpacked'));
  expect(beside).toEqual([...configuration.asarUnpack].sort());
  for (const name of beside.filter((each) => each.startsWith('dist/'))) {
    const path = inApplication('resources', 'app.asar.unpacked', name);
    expect(readFileSync(path).equals(readFileSync(join(projectRoot, name))), name).toBe(true);
  }
  const about = JSON.parse(readFileSync(inApplication('resources', 'app.asar.unpacked', 'package.json'), 'utf8'));
  expect(about).toMatchObject({ type: 'module', main: 'dist/main.cjs' });
  expect(about).not.toHaveProperty('devDependencies');
  // A Debian package is not made without.
  expect(about).toMatchObject({ homepage: expect.stringMatching(/^https:/), author: expect.anything() });
});

test('the sample and the specifications go along, data of tests does not', () => {
  expect(readdirSync(inApplication('resources', 'resources')).sort()).toEqual([
    'alanine-dipeptide',
    'ethanol',
    'specs',
  ]);
  expect(existsSync(inApplication('resources', 'resources', 'alanine-dipeptide', 'topology.pdb'))).toBe(true);
  expect(existsSync(inApplication('resources', 'resources', 'ethanol', 'frames.npz'))).toBe(true);
  expect(readdirSync(inApplication('locales'))).toEqual(['en-US.pak']);
});

test('fuses: nothing runs as Node, nothing but our archive is loaded', async () => {
  const wire = await getCurrentFuseWire(inApplication('ergodic'));
  const isOn = (fuse: FuseV1Options) => Number(wire[fuse]) === '1'.charCodeAt(0);
  expect(isOn(FuseV1Options.RunAsNode)).toBe(false);
  expect(isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe(false);
  expect(isOn(FuseV1Options.EnableNodeCliInspectArguments)).toBe(false);
  expect(isOn(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe(false);
  expect(isOn(FuseV1Options.OnlyLoadAppFromAsar)).toBe(true);
  expect(isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe(true);
  expect(isOn(FuseV1Options.EnableCookieEncryption)).toBe(true);
});

test('every system has its package', () => {
  expect([...configuration.linux.target, configuration.mac.target, configuration.win.target]).toEqual([
    'AppImage',
    'deb',
    'dmg',
    'nsis',
  ]);
});
