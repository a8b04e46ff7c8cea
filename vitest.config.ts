/**
 * How the unit tests run: next to the code they test, in plain Node, at most two files at a time (numerical tests and
 * the threaded engine want the cores for themselves). Tests of pure code share a process; those of threads, disks and
 * windows have one each.
 * The tests start child processes and workers from TypeScript sources, so they need the pinned Node.
 */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

if (!process.features.typescript) {
  throw new Error(
    `The tests need Node 24 and this is ${process.version}: run them with \`npm test\` or \`npm run unit\`.`,
  );
}

/** Code that the layers keep from clock, disk and environment, so that one test cannot disturb the next. */
const PURE = [
  'core/*.test.ts',
  'core/{program,models,diffusion,dynamics,systems,formats,analysis,methods,specification}/**/*.test.ts',
  'renderer/{parts,views,shell}/**/*.test.ts',
];

const common = { environment: 'node', testTimeout: 60_000, hookTimeout: 60_000 } as const;
const env = {
  // Most tests want the same bits on every machine.
  ERGODIC_NO_GPU: '1',
  // Most of what a short thread or process does is compiling: Node remembers that here.
  NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/node', import.meta.url)),
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    tags: [
      {
        name: 'full',
        description: 'takes long; `npm run test:full` has it, `npm test` does not',
        timeout: 300_000,
      },
    ],
    projects: [
      { test: { ...common, env, name: 'pure', include: PURE, isolate: false } },
      {
        // What the window knows is written in runes (renderer/state/*.svelte.ts).
        plugins: [svelte({ configFile: 'renderer/svelte.config.js' })],
        test: {
          ...common,
          env,
          name: 'whole',
          include: ['core/**/*.test.ts', 'renderer/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...PURE],
        },
      },
    ],
  },
});
