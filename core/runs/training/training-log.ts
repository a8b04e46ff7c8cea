/**
 * Training as log.jsonl tells it: one line for every stretch of steps, with the means of that stretch. The stretches
 * lie at fixed steps and what is counted of the present one is part of the checkpoint, so an interrupted training
 * leaves the same lines. Those between its last checkpoint and the interruption come twice.
 */
import type { LogRecord } from '../../storage/run-log.ts';
import type { ExpertProgress, Tally } from './checkpoint.ts';

/** Lines of a whole training, about, and the longest stretch of steps for one. */
const LINES = 400;
const LONGEST = 500;

export const linesEvery = (steps: number): number => Math.min(LONGEST, Math.ceil(steps / LINES));

export interface TrainingLine {
  readonly kind: 'training';
  /** Place in the list of experts. */
  readonly expert: number;
  /** The last step of the stretch, counted from 1. */
  readonly step: number;
  /** Means over the steps that were not discarded; null where all were. */
  readonly denoising: number | null;
  readonly fokkerPlanck: number | null;
  readonly discarded: number;
}

/** The denoising loss on conformations that are not trained on, at a checkpoint and at the end. */
export interface ValidationLine {
  readonly kind: 'validation';
  readonly expert: number;
  readonly step: number;
  readonly denoising: number;
}

export const emptyTally: Tally = { accepted: 0, discarded: 0, denoising: 0, fokkerPlanck: 0 };

/** Counts the steps of one call and hands out the lines that they complete. */
export function tallied(
  { step: before, tally: counted }: Pick<ExpertProgress, 'step' | 'tally'>,
  outputs: Readonly<Record<'accepted' | 'denoising' | 'fokkerPlanck', ArrayLike<number>>>,
  { expert, every, total }: { readonly expert: number; readonly every: number; readonly total: number },
): { tally: Tally; log: (TrainingLine & LogRecord)[] } {
  const log: (TrainingLine & LogRecord)[] = [];
  let tally = { ...counted };
  for (let i = 0; i < outputs.accepted.length; i++) {
    if (outputs.accepted[i]) {
      tally.accepted++;
      tally.denoising += outputs.denoising[i]!;
      tally.fokkerPlanck += outputs.fokkerPlanck[i]!;
    } else tally.discarded++;
    const step = before + i + 1;
    if (step % every !== 0 && step !== total) continue;
    const { accepted, discarded } = tally;
    const mean = (sum: number) => (accepted > 0 ? sum / accepted : null);
    const means = { denoising: mean(tally.denoising), fokkerPlanck: mean(tally.fokkerPlanck) };
    log.push({ kind: 'training', expert, step, ...means, discarded });
    tally = { ...emptyTally };
  }
  return { tally, log };
}

/** The training lines of a log, each step of an expert once, in order. */
export function trainingLines(records: readonly LogRecord[]): TrainingLine[] {
  const found = new Map<string, TrainingLine>();
  for (const record of records) {
    if (isTrainingLine(record)) found.set(`${record.expert} ${record.step}`, record);
  }
  return [...found.values()].sort((a, b) => a.expert - b.expert || a.step - b.step);
}

/** The validation lines of a log, each step of an expert once, in order. */
export function validationLines(records: readonly LogRecord[]): ValidationLine[] {
  const found = new Map<string, ValidationLine>();
  for (const { kind, expert, step, denoising } of records) {
    if (kind !== 'validation' || typeof denoising !== 'number') continue;
    if (typeof expert !== 'number' || typeof step !== 'number') continue;
    found.set(`${expert} ${step}`, { kind, expert, step, denoising });
  }
  return [...found.values()].sort((a, b) => a.expert - b.expert || a.step - b.step);
}

function isTrainingLine(record: LogRecord): record is TrainingLine & LogRecord {
  const { kind, expert, step, denoising, fokkerPlanck } = record;
  const isMean = (value: unknown) => value === null || typeof value === 'number';
  return kind === 'training' && [expert, step].every(Number.isInteger) && isMean(denoising) && isMean(fokkerPlanck);
}
