/**
 * What commands that train or complete a run say at their end.
 */
import { metricsText } from '../runs/evaluation/evaluate.ts';
import type { RunSummary } from '../runs/pipeline.ts';
import type { ExpertReport } from '../runs/training/train.ts';
import type { CommandResult } from './context.ts';
import { formatDuration } from './progress.ts';

export function summarised({ run, engine, metrics, seconds }: RunSummary): CommandResult {
  const parts = Object.entries(seconds).map(([part, value]) => `${part} ${formatDuration(value)}`);
  return {
    json: { run, engine, metrics, seconds },
    text: [metricsText(metrics), '', `Run: ${run} (${parts.join(', ')}; ${engine})`, `Figures: ${run}/figures`].join(
      '\n',
    ),
  };
}

export function trained(run: string, engine: string, experts: readonly ExpertReport[], seconds: number): CommandResult {
  const lines = experts.map(({ range, steps, loss, fp, nonFinite }) =>
    [
      `t ${range[0]}…${range[1]}: ${steps} steps, denoising loss ${loss.toPrecision(4)}`,
      ...(fp > 0 ? [`Fokker–Planck ${fp.toPrecision(3)}`] : []),
      ...(nonFinite > 0 ? [`${nonFinite} steps discarded`] : []),
    ].join(', '),
  );
  return {
    json: { run, engine, experts, seconds },
    text: [...lines, `Run: ${run} (${formatDuration(seconds)}; ${engine})`].join('\n'),
  };
}
