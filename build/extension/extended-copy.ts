/**
 * For tests only: a copy of the product's sources in a temporary folder, changed there as a developer would change them,
 * and used. What an extension costs is not what it claims, but what differs between the copy and the original.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Extension, Insertion } from './cases.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = [
  'core',
  'electron',
  'renderer',
  'resources/specs',
  'build/check-layers.js',
  'package.json',
  'tsconfig.json',
];

const env = { ...process.env, ERGODIC_NO_GPU: '1', NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/node') };

const isTest = (path: string): boolean => /\.(test|test-support)\.ts$/.test(path);
const isLeftOut = (path: string): boolean => isTest(path) || path.split(sep).includes('fixtures');

export class ExtendedCopy implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'ergodic-extended-'));

  constructor(...extensions: readonly Extension[]) {
    for (const name of SOURCES) {
      cpSync(join(root, name), join(this.path, name), { recursive: true, filter: (path) => !isLeftOut(path) });
    }
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
    for (const { files, lines } of extensions) {
      for (const [file, text] of Object.entries(files)) {
        if (existsSync(join(this.path, file))) throw new Error(`${file} is there already.`);
        cpSync(join(root, 'build/extension', text), join(this.path, file));
      }
      for (const line of lines) this.#insert(line);
    }
  }

  in(name: string): string {
    return join(this.path, name);
  }

  #insert({ file, ...place }: Insertion): void {
    const before = readFileSync(this.in(file), 'utf8');
    const missing = (what: string) => new Error(`${file} has no "${what}" any more.`);
    if ('after' in place) {
      if (!before.includes(place.after)) throw missing(place.after);
      writeFileSync(
        this.in(file),
        before.replace(place.after, (found) => found + place.text),
      );
      return;
    }
    const rows = before.split('\n');
    const at = rows.findIndex((row) => row.trim() === place.below);
    if (at < 0) throw missing(place.below);
    writeFileSync(this.in(file), rows.toSpliced(at + 1, 0, place.line).join('\n'));
  }

  /** Files of the product that were added or changed. */
  changedFiles(): string[] {
    originals ??= digestsUnder(root);
    const before = originals;
    return [...digestsUnder(this.path)].flatMap(([file, digest]) => (before.get(file) === digest ? [] : [file])).sort();
  }

  /** `ergodic …`, of the copy. */
  ergodic(...words: readonly string[]) {
    return this.node(this.in('core/cli/main.ts'), ...words);
  }

  /** The one object of `--json`, of a call that succeeds. */
  ergodicJson(...words: readonly string[]) {
    const { status, stdout, stderr } = this.ergodic(...words, '--json');
    if (status !== 0) throw new Error(`\`ergodic ${words.join(' ')}\` ended with ${status}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** The same, left running. */
  start(...words: readonly string[]): ChildProcess {
    return spawn(process.execPath, [this.in('core/cli/main.ts'), ...words], { stdio: 'ignore', env, cwd: this.path });
  }

  node(...words: readonly string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8', env, cwd: this.path });
    return { status, stdout, stderr };
  }

  /** What a script with imports from the copy prints. */
  script(text: string): string {
    writeFileSync(this.in('script.ts'), text);
    const { status, stdout, stderr } = this.node('script.ts');
    if (status !== 0) throw new Error(stderr);
    return stdout;
  }

  /** What the type checker says of everything but tests; nothing where all is well. */
  typeErrors(): string {
    const configuration = {
      extends: './tsconfig.json',
      // For the types of WebAssembly, which otherwise come with those of the tests.
      compilerOptions: { lib: ['ES2023', 'ESNext.Disposable', 'DOM'] },
      include: ['core', 'electron'],
      exclude: ['core/engines/wasm/assembly', 'core/formats/xtc/assembly'],
    };
    writeFileSync(this.in('tsconfig.product.json'), JSON.stringify(configuration));
    return this.node(this.in('node_modules/typescript/bin/tsc'), '--noEmit', '-p', 'tsconfig.product.json').stdout;
  }

  /** What the layer check says. */
  layerFaults(): string {
    return this.node('build/check-layers.js').stderr;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** They stay as they are while tests run. */
let originals: ReadonlyMap<string, string> | undefined;

function digestsUnder(folder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const area of ['core', 'electron', 'renderer', 'resources/specs', 'build/check-layers.js']) {
    const names = area.endsWith('.js') ? [''] : readdirSync(join(folder, area), { recursive: true, encoding: 'utf8' });
    for (const name of names) {
      const file = join(area, name);
      if (isLeftOut(file) || !/\.\w+$/.test(file)) continue;
      found.set(
        file.split(sep).join('/'),
        createHash('sha256')
          .update(readFileSync(join(folder, file)))
          .digest('hex'),
      );
    }
  }
  return found;
}
