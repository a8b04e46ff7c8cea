/**
 * What commands that train or complete a run say at their end.
 */
import { lossLabel } from '../methods/loss-labels.ts';
import type { RecordedChoice } from '../runs/auto/recorded-choice.ts';
import { metricsText } from '../runs/evaluation/evaluate.ts';
import { drawsText } from '../runs/evaluation/independent-draws.ts';
import type { RunOutcome } from '../runs/pipeline.ts';
import { acceptanceText } from '../runs/sampling/from-model.ts';
import type { NetworkReport } from '../runs/training/train.ts';
import type { CommandResult } from './context.ts';
import { formatCount, formatDuration } from './progress.ts';

export function summarised(outcome: RunOutcome): CommandResult {
  const { run, engine, metrics, effectiveSampleSize, seconds, samplesPerSecond, choice, torsionAcceptance } = outcome;
  const parts = Object.entries(seconds).map(([part, value]) => `${part} ${formatDuration(value)}`);
  return {
    json: {
      run,
      engine,
      metrics,
      ...(effectiveSampleSize ? { effectiveSampleSize } : {}),
      seconds,
      ...(samplesPerSecond === undefined ? {} : { samplesPerSecond }),
      ...(choice ? { choice } : {}),
      ...(torsionAcceptance === undefined ? {} : { torsionAcceptance }),
    },
    text: [
      metricsText(metrics),
      ...(effectiveSampleSize ? ['', drawsText(effectiveSampleSize)] : []),
      '',
      ...choiceLines(choice),
      ...(torsionAcceptance === undefined ? [] : [acceptanceText(torsionAcceptance)]),
      ...speedLines(samplesPerSecond),
      `Run: ${run} (${parts.join(', ')}; ${engine})`,
      `Figures: ${run}/figures`,
    ].join('\n'),
  };
}

export function trained(
  run: string,
  engine: string,
  networks: readonly NetworkReport[],
  seconds: number,
  choice?: RecordedChoice,
): CommandResult {
  const lines = networks.map(({ title, facts, steps, terms, nonFinite }) =>
    [
      `${[title, ...facts].join(', ')}: ${steps} steps`,
      ...Object.entries(terms).map(([term, mean]) => `${lossLabel(term).short} ${mean.toPrecision(4)}`),
      ...(nonFinite > 0 ? [`${nonFinite} steps discarded`] : []),
    ].join(', '),
  );
  return {
    json: { run, engine, networks, seconds, ...(choice ? { choice } : {}) },
    text: [...lines, ...choiceLines(choice), `Run: ${run} (${formatDuration(seconds)}; ${engine})`].join('\n'),
  };
}

/** How fast samples were drawn, where there are some. */
export const speedLines = (samplesPerSecond: number | undefined): string[] =>
  samplesPerSecond === undefined ? [] : [`Sampling: ${formatCount(samplesPerSecond)} samples/s`];

/** What was chosen for the data, and how close to the noise floor its training ended. */
const choiceLines = (choice: RecordedChoice | undefined): string[] =>
  choice ? [choice.sentence, ...(choice.ending === undefined ? [] : [choice.ending])] : [];
