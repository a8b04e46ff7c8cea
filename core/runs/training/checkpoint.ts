/**
 * How far training has come, as tensors and text: for each network the vectors of its training program and its counters.
 * Random numbers need no state: they are named by seed and step. Version 1, which knew two loss terms by name, is read.
 */
import { z } from 'zod';
import type { Numbers } from '../../engines/engine.ts';
import { ErgodicError } from '../../errors.ts';
import type { Safetensors, StoredTensor } from '../../formats/safetensors.ts';
import { isNumbers } from './trained-model.ts';

export const VECTORS = ['parameters', 'average', 'gradientMean', 'gradientSquare'] as const;

/** By name. */
const lossTerms = z.record(z.string(), z.number());
export type LossTerms = Readonly<z.infer<typeof lossTerms>>;

/** Sums over the steps since the last line of the log. */
const tally = z.strictObject({ accepted: z.int().min(0), discarded: z.int().min(0), terms: lossTerms });
export type Tally = Readonly<z.infer<typeof tally>>;

export interface NetworkProgress {
  /** Steps done. */
  step: number;
  /** Steps whose update was discarded because a number was not finite. */
  nonFinite: number;
  /** The last of them in a row. */
  nonFiniteInRow: number;
  /** Of the loss terms, as in the last line of the log that has any. */
  means: LossTerms;
  tally: Tally;
  vectors: Record<(typeof VECTORS)[number], Numbers>;
}

export interface TrainingProgress {
  /** Wall time of training so far, all sessions together. */
  readonly seconds: number;
  readonly networks: readonly NetworkProgress[];
}

const counts = { step: z.int().min(0), nonFinite: z.int().min(0), nonFiniteInRow: z.int().min(0) };

const version2 = z.strictObject({
  version: z.literal(2),
  seconds: z.number().min(0),
  networks: z.array(z.strictObject({ ...counts, means: lossTerms, tally })),
});

const version1Terms = { denoising: z.number(), fokkerPlanck: z.number() };
const version1 = z
  .strictObject({
    seconds: z.number().min(0),
    experts: z.array(
      z.strictObject({
        ...counts,
        ...version1Terms,
        tally: z.strictObject({ accepted: z.int().min(0), discarded: z.int().min(0), ...version1Terms }),
      }),
    ),
  })
  .transform(
    ({ seconds, experts }): z.infer<typeof version2> => ({
      version: 2,
      seconds,
      networks: experts.map(
        ({ tally: { accepted, discarded, ...sums }, step, nonFinite, nonFiniteInRow, ...means }) => ({
          ...{ step, nonFinite, nonFiniteInRow },
          means: withoutZeros(means),
          tally: { accepted, discarded, terms: withoutZeros(sums) },
        }),
      ),
    }),
  );

/** Version 1 said 0 of a term that the steps did not have. */
const withoutZeros = (terms: LossTerms): Record<string, number> =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== 0));

const counters = z.union([version2, version1]);

/** `keys`: begin the names of each network's tensors. */
export function encodeCheckpoint({ seconds, networks }: TrainingProgress, keys: readonly string[]): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  networks.forEach(({ vectors }, i) => {
    for (const name of VECTORS)
      tensors.set(`${keys[i]}.${name}`, { shape: [vectors[name].length], data: vectors[name] });
  });
  const plain: z.infer<typeof version2> = {
    version: 2,
    seconds,
    networks: networks.map(({ vectors: _, ...rest }) => rest),
  };
  return { tensors, metadata: new Map([['progress', JSON.stringify(plain)]]) };
}

/** `expected`: of each network, how the names of its tensors begin and how many parameters it has. */
export function decodeCheckpoint(
  { tensors, metadata }: Safetensors,
  expected: readonly { readonly key: string; readonly size: number }[],
  path: string,
): TrainingProgress {
  const misfit = () =>
    new ErgodicError(
      `The checkpoint in \`${path}\` does not fit the run's specification: restore it from a copy, or start a new run.`,
    );
  const parsed = counters.safeParse(jsonOrUndefined(metadata.get('progress')));
  if (!parsed.success || parsed.data.networks.length !== expected.length) throw misfit();
  const networks = parsed.data.networks.map((counted, i) => {
    const { key, size } = expected[i]!;
    const vectors = VECTORS.map((name) => {
      const data = tensors.get(`${key}.${name}`)?.data;
      if (data === undefined || !isNumbers(data) || data.length !== size) throw misfit();
      return [name, data] as const;
    });
    return { ...counted, vectors: Object.fromEntries(vectors) as NetworkProgress['vectors'] };
  });
  return { seconds: parsed.data.seconds, networks };
}

function jsonOrUndefined(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
