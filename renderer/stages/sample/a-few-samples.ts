/** Some of the stored samples, evenly spread over all of them, to be drawn as one picture. */
import type { Structure } from '../../../core/host/contract.ts';
import type { Client } from '../../client/client.ts';

const SHOWN = 16;

export interface FewSamples {
  readonly structure: Structure;
  /** One after the other, nm. */
  readonly positions: Float32Array;
  readonly shown: number;
  readonly of: number;
}

export async function aFewSamples(client: Client, run: string): Promise<FewSamples> {
  const { structure, frames } = await client.request('structures.open', { run, set: 'samples' });
  const shown = Math.min(SHOWN, frames);
  const read = Array.from({ length: shown }, (_, i) =>
    client.request('structures.frame', { run, set: 'samples', frame: Math.floor((i * frames) / shown) }),
  );
  const found = (await Promise.all(read)).map(({ positions }) => positions);
  const positions = new Float32Array(found.reduce((sum, { length }) => sum + length, 0));
  let filled = 0;
  for (const one of found) {
    positions.set(one, filled);
    filled += one.length;
  }
  return { structure, positions, shown, of: frames };
}
