/**
 * What `metrics.json` says of the quality of a run (core/runs/evaluation/quality.ts), as far as tables and the window show
 * it: kT², nats, nm, rad, fractions. Files come from anywhere and from older versions, which have none of it.
 */
import { z } from 'zod';

const spread = z.object({ mean: z.number(), deviation: z.number() });
const atEqualCount = z.object({
  value: spread,
  floor: spread,
  ratio: z.number().nullable(),
  ratioError: z.number().nullable(),
});
const equalCount = z.object({
  count: z.number(),
  against: z.number(),
  pmf: atEqualCount,
  js: atEqualCount,
  oneSided: atEqualCount,
  junk: atEqualCount,
  bonds: z.exactOptional(atEqualCount),
  angles: z.exactOptional(atEqualCount),
});
const distances = z.object({ mean: z.number(), largest: z.number() });
const binnedVariations = z.array(atEqualCount.extend({ bins: z.number() })).readonly();
const structure = z.object({
  count: z.number(),
  against: z.number(),
  limit: z.number(),
  distances: binnedVariations,
  byElements: z.array(z.object({ elements: z.string(), distances: binnedVariations })).readonly(),
  pooledW2: atEqualCount,
  pairW2: atEqualCount,
  bondMeans: atEqualCount,
  bondWidths: atEqualCount.nullable(),
  within30: atEqualCount,
  within50: atEqualCount,
  torsions: atEqualCount.nullable(),
});
const nearness = z.object({ median: z.number(), nearest5: z.number() });
const verdict = z.object({ atFloor: z.boolean(), text: z.string() });
const population = z.object({ fraction: z.number(), standardError: z.number() });
const comparedPopulation = population.extend({ z: z.number() });

const resultQuality = z.object({
  frames: z.number(),
  independent: z.number(),
  equalCount,
  geometry: z
    .object({
      bonds: distances,
      angles: distances.nullable(),
      bondOff: z.number(),
      bondOffReference: z.number(),
    })
    .nullable(),
  mirror: z
    .object({
      judgedBy: z.enum(['centres', 'torsions']),
      places: z.number(),
      fraction: z.number(),
      reference: z.number(),
    })
    .nullable(),
  /** Older versions have neither of these two. */
  structure: z.exactOptional(structure.nullable()),
  nearest: z.exactOptional(nearness.extend({ frames: z.number(), among: z.number(), reference: nearness }).nullable()),
  verdict,
});

export const qualitySchema = z.object({
  iid: resultQuality.nullable(),
  sim: resultQuality.nullable(),
  training: z.exactOptional(resultQuality.nullable()),
  consistency: z.object({ equalCount, verdict }).nullable(),
  reference: z.object({
    frames: z.number(),
    independent: z.number(),
    /** Whether nothing was learned from them. */
    forTesting: z.boolean().default(false),
  }),
  states: z
    .array(
      z.object({
        name: z.string(),
        reference: population,
        sets: z.object({
          iid: z.exactOptional(comparedPopulation),
          sim: z.exactOptional(comparedPopulation),
          training: z.exactOptional(comparedPopulation),
        }),
      }),
    )
    .readonly(),
});

export type ShownQuality = z.output<typeof qualitySchema>;
export type ShownResult = z.output<typeof resultQuality>;
