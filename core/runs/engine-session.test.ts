import { expect, test } from 'vitest';
import { engineName } from './engine-session.ts';

test('what auto computed on is recorded with the reason that it left GPUs alone', async () => {
  expect(await engineName({ engine: 'auto', threads: 1 })).toMatch(/^wasm: CPU, .*; ERGODIC_NO_GPU is set\.$/);
  expect(await engineName({ engine: 'wasm', threads: 1 })).toMatch(/^wasm: CPU, [^;]*$/);
});
