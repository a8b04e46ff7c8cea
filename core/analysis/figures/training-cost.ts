/**
 * The free-energy error of samples and of a simulation against what their models took to train: two plots side by side, a
 * line per kind of model over seconds of training, both logarithmic, and the noise floor.
 */
import { chartRow } from './chart-row.ts';
import type { LineChart } from './line-chart.ts';
import type { Figure } from './svg.ts';

/** kT²; undefined where there is no such result. */
interface Errors {
  readonly samples: number | undefined;
  readonly simulation: number | undefined;
}

export interface TrainedRun extends Errors {
  /** "published network, plain": runs of one kind make a line. */
  readonly kind: string;
  readonly seconds: number;
}

export interface TrainingCost {
  readonly title: string;
  readonly runs: readonly TrainedRun[];
  readonly floor: Errors;
}

const results = ['samples', 'simulation'] as const;

export function trainingCost({ title, runs, floor }: TrainingCost): Figure {
  const kinds = [...new Set(runs.map(({ kind }) => kind))];
  const charts = results.map((result): LineChart => {
    const curves = kinds.map((name) => {
      const own = runs.filter(({ kind }) => kind === name).sort((a, b) => a.seconds - b.seconds);
      return { name, x: own.map(({ seconds }) => seconds), y: own.map((run) => run[result] ?? Number.NaN) };
    });
    const level = floor[result];
    return {
      title,
      x: { label: 'training', unit: 's', scale: 'log' },
      y: { label: `free-energy error, ${result}`, unit: 'kT²', scale: 'log' },
      curves,
      levels: level ? [{ name: 'noise floor', value: level }] : [],
    };
  });
  return chartRow(title, charts);
}
