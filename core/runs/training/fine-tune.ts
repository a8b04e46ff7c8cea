/**
 * Fine-tuning (method §5): training goes on from the model of another run, with the Fokker–Planck regulariser added to
 * the expert at t = 0. Only that one is trained; the others count as trained already.
 */
import type { Specification } from '../../specification/settings.ts';
import type { RunSystem } from '../data/run-system.ts';
import { readRunCheckpoint, readRunModel } from '../run-folder.ts';
import { decodeCheckpoint, type ExpertProgress } from './checkpoint.ts';
import { freshProgress } from './train.ts';
import { decodeModel } from './trained-model.ts';

/** Where the training of a fine-tuned run begins: `specification` is its own, `origin` the run it starts from. */
export async function fineTuneStart(
  origin: string,
  specification: Specification,
  system: RunSystem,
  say: (line: string) => void,
): Promise<ExpertProgress[]> {
  const stored = await readRunModel(origin);
  if (stored.notice) say(stored.notice);
  const experts = decodeModel(stored, specification, system, origin);
  const sizes = experts.map(({ model }) => model.layout.size);
  const before = await countersOf(origin, sizes);
  return experts.map(({ parameters }, i) => {
    const fresh = freshProgress(parameters);
    if (i === 0) return fresh;
    return { ...fresh, ...before?.[i], step: specification.experts[i]!.steps, vectors: fresh.vectors };
  });
}

/** What the other experts' own training reported, for the record only: without it, fine-tuning works as well. */
async function countersOf(origin: string, sizes: readonly number[]): Promise<readonly ExpertProgress[] | undefined> {
  try {
    const checkpoint = await readRunCheckpoint(origin);
    return checkpoint && decodeCheckpoint(checkpoint, sizes, origin).experts;
  } catch {
    return undefined;
  }
}
