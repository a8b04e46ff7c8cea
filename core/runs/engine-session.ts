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
 * Why no graphics card is looked for unasked, if none is. Linux shows them as files; where there are none, drivers that
 * are started only complain on the console. Tests, in which runs end with the same bits, and whoever keeps a card for
 * other work set ERGODIC_NO_CARD.
 */
export function noCard(): string | undefined {
  if (process.env.ERGODIC_NO_CARD) return 'ERGODIC_NO_CARD is set.';
  const shown =
    process.platform !== 'linux' || ['/dev/dri', '/dev/nvidia0', '/dev/dxg'].some((path) => existsSync(path));
  return shown ? undefined : 'This machine shows no graphics card.';
}

/** `say` hears what `auto` has picked, and why; whoever asks disposes of it. */
export const openEngine = (wanted: Wanted, say: Say): Promise<Engine> =>
  chooseEngine(wanted.engine, { threads: threadsOf(wanted), cards: noCard() === undefined, say });

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

/** Name and device, for the record of what was computed where; of `auto` with the reason, if it left a card alone. */
export const engineName = (wanted: Wanted): Promise<string> =>
  withEngine(wanted, { say: () => undefined }, async (engine) => {
    const { name, device, reason } = await engine.describe();
    const why = wanted.engine === 'auto' ? (noCard() ?? reason) : undefined;
    return `${name}: ${device}${why ? `; ${why}` : ''}`;
  });
