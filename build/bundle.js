/**
 * Builds everything that is run into dist/: the command line, the threads of the host, the desktop shell (each one file
 * for Node or Electron) and the window (plain files). `npm run build`; also npm's `prepare` script, so that it works
 * right after `npm ci`: kernels that are not compiled yet are compiled first.
 * Threads lie beside the program that starts them and are found there by name. The licences of packages whose code goes
 * along are in dist/licences.md and dist/renderer/licences.md.
 */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { licencesOf } from './licences.js';
import { command, node, projectRoot } from './processes.js';

/** Packages in CommonJS form ask for `require`, which ESM output has to give them. */
const requireForPackages =
  "import { createRequire as createRequireForPackages } from 'node:module';\n" +
  'const require = createRequireForPackages(import.meta.url);';

/** A program may be started by whatever Node comes first on somebody's PATH. */
const askForNode = [
  "if (typeof AsyncDisposableStack === 'undefined') {",
  "  const found = 'Ergodic needs Node 24, and this is ' + process.version;",
  "  console.error(found + ': start it with `npx ergodic` inside the project.');",
  '  process.exit(1);',
  '}',
].join('\n');

const forNode = { format: 'esm', banner: requireForPackages };
/** A sandboxed preload script can be nothing but one file in CommonJS form; the main process needs no other. */
const forElectron = { format: 'cjs', banner: '' };

const entries = [
  { source: 'core/cli/main.ts', output: 'dist/ergodic.js', isProgram: true, form: forNode },
  { source: 'core/engines/wasm/worker.ts', output: 'dist/wasm-worker.js', form: forNode },
  { source: 'core/host/job-worker.ts', output: 'dist/job-worker.js', form: forNode },
  { source: 'core/host/reader-worker.ts', output: 'dist/reader-worker.js', form: forNode },
  { source: 'electron/host-process.ts', output: 'dist/host-process.js', form: forNode },
  { source: 'electron/main.ts', output: 'dist/main.cjs', form: forElectron },
  { source: 'electron/preload.ts', output: 'dist/preload.cjs', form: forElectron },
  { source: 'electron/gpu-preload.ts', output: 'dist/gpu-preload.cjs', form: forElectron },
];

function compileKernels() {
  const folders = ['core/engines/wasm', 'core/formats/xtc'];
  if (folders.every((folder) => existsSync(join(projectRoot, folder, 'kernels.generated.ts')))) return;
  const status = node(['build/kernels.js']);
  if (status !== 0) process.exit(status);
}

/** Returns what went into it. */
async function bundle({ source, output, isProgram = false, form }) {
  const { metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [source],
    outfile: output,
    bundle: true,
    platform: 'node',
    format: form.format,
    target: 'node24',
    // What a person may have installed beside Ergodic, and what Electron brings.
    external: ['@tensorflow/*', 'electron'],
    banner: { js: isProgram ? `#!/usr/bin/env node\n${askForNode}\n${form.banner}` : form.banner },
    metafile: true,
    logLevel: 'warning',
  });
  if (isProgram) chmodSync(join(projectRoot, output), 0o755);
  return Object.keys(metafile.inputs);
}

compileKernels();
mkdirSync(join(projectRoot, 'dist'), { recursive: true });
const sources = [];
for (const entry of entries) sources.push(...(await bundle(entry)));
writeFileSync(join(projectRoot, 'dist/licences.md'), licencesOf(sources, projectRoot));
process.exitCode = command('vite', ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn']);
