/**
 * Ends the process with an exit code. Node joins V8's threads then, and one of them may be waiting, in the middle of
 * compiling, for the main thread to collect garbage: both wait for ever (nodejs/node#54918, still open in Node 24).
 * Collecting first sets it free, and leaves so much room that it does not ask again.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function leave(exitCode: number): never {
  setFlagsFromString('--no-concurrent-recompilation');
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  process.exit(exitCode);
}
