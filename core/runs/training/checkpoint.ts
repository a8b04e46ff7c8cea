/**
 * How far training has come, as tensors and text: for each expert the vectors of `trainingStep` and its counters.
 * Random numbers need no state: they are named by seed and step.
 */
import { z } from 'zod';
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { Safetensors, StoredTensor } from '../../formats/safetensors.ts';
import { isNumbers } from './trained-model.ts';

export const VECTORS = ['parameters', 'average', 'gradientMean', 'gradientSquare'] as const;

/** Sums over the steps since the last line of the log. */
const tally = z.strictObject({
  accepted: z.int().min(0),
  discarded: z.int().min(0),
  denoising: z.number(),
  fokkerPlanck: z.number(),
});
export type Tally = Readonly<z.infer<typeof tally>>;

export interface ExpertProgress {
  /** Steps done. */
  step: number;
  /** Steps whose update was discarded because a number was not finite. */
  nonFinite: number;
  /** The last of them in a row. */
  nonFiniteInRow: number;
  /** Means as in the last line of the log. */
  denoising: number;
  fokkerPlanck: number;
  tally: Tally;
  vectors: Record<(typeof VECTORS)[number], Numbers>;
}

export interface TrainingProgress {
  /** Wall time of training so far, all sessions together. */
  readonly seconds: number;
  readonly experts: readonly ExpertProgress[];
}

const counters = z.strictObject({
  seconds: z.number().min(0),
  experts: z.array(
    z.strictObject({
      step: z.int().min(0),
      nonFinite: z.int().min(0),
      nonFiniteInRow: z.int().min(0),
      denoising: z.number(),
      fokkerPlanck: z.number(),
      tally,
    }),
  ),
});

export function encodeCheckpoint({ seconds, experts }: TrainingProgress): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  experts.forEach(({ vectors }, i) => {
    for (const name of VECTORS)
      tensors.set(`expert${i}.${name}`, { shape: [vectors[name].length], data: vectors[name] });
  });
  const plain: z.infer<typeof counters> = { seconds, experts: experts.map(({ vectors: _, ...rest }) => rest) };
  return { tensors, metadata: new Map([['progress', JSON.stringify(plain)]]) };
}

/** `sizes`: parameters of each expert. */
export function decodeCheckpoint(
  { tensors, metadata }: Safetensors,
  sizes: readonly number[],
  path: string,
): TrainingProgress {
  const misfit = () =>
    new ErgodicError(
      `The checkpoint in \`${path}\` belongs to another specification: restore it from a copy, or start a new run.`,
    );
  const parsed = counters.safeParse(jsonOrUndefined(metadata.get('progress')));
  if (!parsed.success || parsed.data.experts.length !== sizes.length) throw misfit();
  const experts = parsed.data.experts.map((counts, i) => {
    const vectors = VECTORS.map((name) => {
      const data = tensors.get(`expert${i}.${name}`)?.data;
      if (data === undefined || !isNumbers(data) || data.length !== sizes[i]) throw misfit();
      return [name, data] as const;
    });
    return { ...counts, vectors: Object.fromEntries(vectors) as ExpertProgress['vectors'] };
  });
  return { seconds: parsed.data.seconds, experts };
}

function jsonOrUndefined(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
