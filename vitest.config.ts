/**
 * How the unit tests run: next to the code they test, in plain Node, at most two files at a time
 * (numerical tests and the threaded engine want the cores for themselves).
 * The tests start child processes and workers from TypeScript sources, so they need the pinned Node.
 */
import { defineConfig } from 'vitest/config';

if (!process.features.typescript) {
  throw new Error(
    `The tests need Node 24 and this is ${process.version}: run them with \`npm test\` or \`npm run unit\`.`,
  );
}

export default defineConfig({
  test: {
    environment: 'node',
    include: ['core/**/*.test.ts', 'renderer/**/*.test.ts', 'build/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
