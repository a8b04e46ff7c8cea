/** A run that version 0.1.0 began, with checkpoint and log of version 1: it goes on to the bits it would have had. */
import { cpSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runDigests } from '../../build/run-digests.ts';
import { temporaryFolder } from '../runs/small-run.test-support.ts';
import { ergodic } from './ergodic.test-support.ts';

const begun = fileURLToPath(new URL('../runs/fixtures/begun-run', import.meta.url));
const recorded = JSON.parse(readFileSync(new URL('../../build/same-bits.json', import.meta.url), 'utf8'));

test('a run that an older version began and was killed in goes on to the same bits', async (context) => {
  using parent = temporaryFolder();
  const path = parent.in('run');
  cpSync(begun, path, { recursive: true });
  const { engine: before } = JSON.parse(readFileSync(`${path}/run.json`, 'utf8'));
  const { status, stderr } = ergodic('resume', path);
  expect(stderr).not.toContain('damaged');
  expect(status).toBe(0);
  const { engine, finished, specification } = JSON.parse(readFileSync(`${path}/run.json`, 'utf8'));
  expect(finished).toBe(true);
  expect(specification.method).toBe('diffusion');
  if (engine !== before) return context.skip(`Bits are recorded for "${before}", and this is "${engine}".`);
  // A later version may measure more.
  expect(runDigests(path)).toMatchObject(recorded.resumed);
});
