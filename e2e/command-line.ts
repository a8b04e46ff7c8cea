/** `ergodic …` as a person calls it: one JSON object, or a failure. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { program } from './served-host.ts';

export async function ergodic<R = unknown>(...words: string[]): Promise<R> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...words, '--json']);
  return JSON.parse(stdout) as R;
}
