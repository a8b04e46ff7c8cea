/** The engine a specification asks for, for as long as it is used. */
import { availableParallelism } from 'node:os';
import type { Engine } from '../engines/engine.ts';
import { chooseEngine } from '../engines/registry.ts';
import type { Specification } from './parameters.ts';

/** Threads to use where a specification says 0. */
export const threadsOf = ({ threads }: Pick<Specification, 'threads'>): number => threads || availableParallelism();

export async function withEngine<R>(
  specification: Pick<Specification, 'engine' | 'threads'>,
  use: (engine: Engine) => Promise<R>,
): Promise<R> {
  const engine = await chooseEngine(specification.engine, { threads: threadsOf(specification) });
  try {
    return await use(engine);
  } finally {
    await engine.dispose();
  }
}

/** Name and device, for the record of what was computed where. */
export const engineName = (specification: Specification): Promise<string> =>
  withEngine(specification, async (engine) => {
    const { name, device } = await engine.describe();
    return `${name}: ${device}`;
  });
