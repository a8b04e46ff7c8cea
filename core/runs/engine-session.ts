/** The engine a specification asks for, for as long as it is used. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Say } from '../engines/automatic.ts';
import type { Engine } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';
import type { Specification } from '../specification/settings.ts';
import type { Follower } from './follower.ts';

type Wanted = Pick<Specification, 'engine' | 'threads'>;

/** Threads to use where a specification says 0. */
export const threadsOf = ({ threads }: Pick<Specification, 'threads'>): number => threads || availableParallelism();

/**
 * Why `auto` does not look for a GPU, if it does not. Linux shows GPUs as files; without these, drivers only print
 * errors to the console. ERGODIC_NO_GPU is for tests that compare bits, and for people who need the GPU for something
 * else; ERGODIC_NO_CARD is its former name.
 */
export function noGpu(): string | undefined {
  const variable = ['ERGODIC_NO_GPU', 'ERGODIC_NO_CARD'].find((name) => process.env[name]);
  if (variable) return `${variable} is set.`;
  const shown =
    process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path));
  return shown ? undefined : 'This machine shows no GPU.';
}

/** `say` is told what `auto` has chosen, and why; the caller disposes of the engine. */
export const openEngine = (wanted: Wanted, say: Say): Promise<Engine> =>
  chooseEngine(wanted.engine, { threads: threadsOf(wanted), gpus: noGpu() === undefined, say });

export async function withEngine<R>(
  wanted: Wanted,
  follower: Pick<Follower, 'say'>,
  use: (engine: Engine) => Promise<R>,
): Promise<R> {
  const engine = await openEngine(wanted, (line) => follower.say(line));
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

/** Name and device, for the record of what was computed where; of `auto` with the reason, if it left a GPU alone. */
export const engineName = (wanted: Wanted): Promise<string> =>
  withEngine(wanted, { say: () => undefined }, async (engine) => {
    const { name, device, reason } = await engine.describe();
    const why = wanted.engine === 'auto' ? (noGpu() ?? reason) : undefined;
    return `${name}: ${device}${why ? `; ${why}` : ''}`;
  });
