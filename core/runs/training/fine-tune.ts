/**
 * Fine-tuning (method §5): training continues from the model of another run, with another weight of the regulariser. The
 * method says which networks continue; the others count as trained.
 */
import { methodOf } from '../../methods/methods.ts';
import type { Specification } from '../../specification/settings.ts';
import type { RunSystem } from '../data/run-system.ts';
import { readRunCheckpoint, readRunModel } from '../run-folder.ts';
import { decodeCheckpoint, type NetworkProgress } from './checkpoint.ts';
import { freshProgress } from './train.ts';
import { decodeModel } from './trained-model.ts';

/** Where the training of a fine-tuned run begins: `specification` is its own, `origin` the run it starts from. */
export async function fineTuneStart(
  origin: string,
  specification: Specification,
  system: RunSystem,
  say: (line: string) => void,
): Promise<NetworkProgress[]> {
  const stored = await readRunModel(origin);
  if (stored.notice) say(stored.notice);
  const trained = decodeModel(stored, specification, system, origin);
  const expected = trained.map(({ network: { key, layout } }) => ({ key, size: layout.size }));
  const before = await countersOf(origin, expected);
  const { fineTuning } = methodOf(specification);
  return trained.map(({ network, parameters }, i) => {
    const fresh = freshProgress(parameters);
    if (fineTuning?.trains(i)) return fresh;
    return { ...fresh, ...before?.[i], step: network.steps, vectors: fresh.vectors };
  });
}

/** What the other networks' own training reported, for the record only: without it, fine-tuning works as well. */
async function countersOf(
  origin: string,
  expected: Parameters<typeof decodeCheckpoint>[1],
): Promise<readonly NetworkProgress[] | undefined> {
  try {
    const checkpoint = await readRunCheckpoint(origin);
    return checkpoint && decodeCheckpoint(checkpoint, expected, origin).networks;
  } catch {
    return undefined;
  }
}
