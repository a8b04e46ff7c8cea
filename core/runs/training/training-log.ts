/**
 * Training as log.jsonl tells it: one line for every chunk of steps, with the means of that chunk. The chunks lie at
 * fixed steps and what is counted of the present one is part of the checkpoint, so an interrupted training leaves the
 * same lines. Those between its last checkpoint and the interruption come twice. Lines of version 1 are read.
 */
import type { LogRecord } from '../../storage/run-log.ts';
import type { LossTerms, NetworkProgress, Tally } from './checkpoint.ts';

/** Lines of a whole training, about, and the longest chunk of steps for one. */
const LINES = 400;
const LONGEST = 500;

export const linesEvery = (steps: number): number => Math.min(LONGEST, Math.ceil(steps / LINES));

export interface TrainingLine {
  readonly kind: 'training';
  /** Index of the network. */
  readonly network: number;
  /** The last step of the chunk, counted from 1. */
  readonly step: number;
  /** Means over the steps that were not discarded; none where all were. */
  readonly terms: LossTerms;
  readonly discarded: number;
}

/** The loss on held-out conformations, at a checkpoint and at the end. */
export interface ValidationLine {
  readonly kind: 'validation';
  readonly network: number;
  readonly step: number;
  readonly terms: LossTerms;
}

/** What some steps handed out: the terms that their phase has. */
export interface StepTerms {
  readonly accepted: ArrayLike<number>;
  readonly terms: Readonly<Record<string, ArrayLike<number>>>;
}

export const emptyTally: Tally = { accepted: 0, discarded: 0, terms: {} };

/** Counts the steps of one call and hands out the lines that they complete. */
export function tallied(
  { step: before, tally: counted }: Pick<NetworkProgress, 'step' | 'tally'>,
  chunks: readonly StepTerms[],
  { network, every, total }: { readonly network: number; readonly every: number; readonly total: number },
): { tally: Tally; log: (TrainingLine & LogRecord)[] } {
  const log: (TrainingLine & LogRecord)[] = [];
  let { accepted, discarded } = counted;
  let sums: Record<string, number> = { ...counted.terms };
  let step = before;
  for (const chunk of chunks) {
    const terms = Object.entries(chunk.terms);
    for (let i = 0; i < chunk.accepted.length; i++) {
      if (chunk.accepted[i]) {
        accepted++;
        for (const [name, values] of terms) sums[name] = (sums[name] ?? 0) + values[i]!;
      } else discarded++;
      step++;
      if (step % every !== 0 && step !== total) continue;
      const means = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / accepted]));
      log.push({ kind: 'training', network, step, terms: means, discarded });
      accepted = 0;
      discarded = 0;
      sums = {};
    }
  }
  return { tally: { accepted, discarded, terms: sums }, log };
}

/** Ends what a log has said of a network: it begins once more. */
export const againLine = (network: number): LogRecord => ({ kind: 'again', network });

/** Without what was forgotten. */
function sinceLastBegun(records: readonly LogRecord[]): LogRecord[] {
  const begun = new Map(records.flatMap(({ kind, network }, i) => (kind === 'again' ? [[network, i] as const] : [])));
  return records.filter(({ network }, i) => i >= (begun.get(network) ?? 0));
}

/** The training lines of a log, each step of a network once, in order. */
export const trainingLines = (records: readonly LogRecord[]): TrainingLine[] =>
  onceEach(
    sinceLastBegun(records).flatMap((record): TrainingLine[] => {
      const line = lineIn(record, 'training');
      return line ? [{ kind: 'training', ...line, discarded: Number(record.discarded) }] : [];
    }),
  );

/** The validation lines of a log, each step of a network once, in order. */
export const validationLines = (records: readonly LogRecord[]): ValidationLine[] =>
  onceEach(
    sinceLastBegun(records).flatMap((record): ValidationLine[] => {
      const line = lineIn(record, 'validation');
      return line ? [{ kind: 'validation', ...line }] : [];
    }),
  );

function onceEach<L extends TrainingLine | ValidationLine>(lines: readonly L[]): L[] {
  const found = new Map(lines.map((line) => [`${line.network} ${line.step}`, line]));
  return [...found.values()].sort((a, b) => a.network - b.network || a.step - b.step);
}

function lineIn(record: LogRecord, kind: string): Pick<TrainingLine, 'network' | 'step' | 'terms'> | undefined {
  if (record.kind !== kind) return undefined;
  const { step } = record;
  const network = record.network ?? record.expert;
  if (typeof network !== 'number' || typeof step !== 'number') return undefined;
  if (![network, step].every(Number.isInteger)) return undefined;
  return { network, step, terms: termsIn(record) };
}

/** Version 1 had its two terms beside the step, null where there was no mean and 0 where the steps had no such term. */
function termsIn({ terms, denoising, fokkerPlanck }: LogRecord): LossTerms {
  const found = typeof terms === 'object' && terms !== null ? terms : { denoising, fokkerPlanck: fokkerPlanck || null };
  return Object.fromEntries(
    Object.entries(found).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
