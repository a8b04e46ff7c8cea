/**
 * Bundles the command line into dist/: one file per entry of the table, ESM, for Node >= 20.
 * Also npm's `prepare` script, so it works right after `npm ci`: kernels that are not compiled yet are compiled first.
 * An entry whose source does not exist is left out.
 */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { node, projectRoot } from './processes.js';

const entries = [
  { source: 'core/cli/main.ts', output: 'dist/ergodic.js', executable: true },
  { source: 'core/engines/wasm/worker.ts', output: 'dist/wasm-worker.js' },
];

/** Packages in CommonJS form ask for `require`, which ESM output has to give them. */
const requireForPackages =
  "import { createRequire as createRequireForPackages } from 'node:module';\n" +
  'const require = createRequireForPackages(import.meta.url);';

function compileKernels() {
  const folders = ['core/engines/wasm', 'core/formats/xtc'];
  const generated = folders.every((folder) => existsSync(join(projectRoot, folder, 'kernels.generated.ts')));
  if (generated || !existsSync(join(projectRoot, 'build/kernels.js'))) return;
  const status = node(['build/kernels.js']);
  if (status !== 0) process.exit(status);
}

async function bundle({ source, output, executable = false }) {
  await build({
    absWorkingDir: projectRoot,
    entryPoints: [source],
    outfile: output,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['@tensorflow/*'],
    banner: { js: executable ? `#!/usr/bin/env node\n${requireForPackages}` : requireForPackages },
    logLevel: 'warning',
  });
  if (executable) chmodSync(join(projectRoot, output), 0o755);
}

compileKernels();
mkdirSync(join(projectRoot, 'dist'), { recursive: true });
for (const entry of entries) {
  if (existsSync(join(projectRoot, entry.source))) await bundle(entry);
}
