/**
 * How the unit tests run: next to the code they test, in plain Node, at most two files at a time
 * (numerical tests and the threaded engine want the cores for themselves).
 * The tests start child processes and workers from TypeScript sources, so they need the pinned Node.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

if (!process.features.typescript) {
  throw new Error(
    `The tests need Node 24 and this is ${process.version}: run them with \`npm test\` or \`npm run unit\`.`,
  );
}

export default defineConfig({
  // What the window knows is written in runes (renderer/state/*.svelte.ts).
  plugins: [svelte({ configFile: 'renderer/svelte.config.js' })],
  test: {
    environment: 'node',
    include: ['core/**/*.test.ts', 'renderer/**/*.test.ts', 'electron/**/*.test.ts', 'build/**/*.test.ts'],
    // Most tests want the same bits on every machine.
    env: { ERGODIC_NO_GPU: '1' },
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
