/**
 * What the solvers of sampling reach against what they cost: one plot per measure side by side, a line per solver over
 * the network calls of a sample, both logarithmic, and the noise floor. One legend above. Bond lengths in pm.
 */
import { chartRow } from './chart-row.ts';
import type { LineChart } from './line-chart.ts';
import type { Figure } from './svg.ts';

/** `bonds` in nm. */
interface Errors {
  readonly pmf: number;
  readonly js: number;
  readonly bonds?: number;
}

export interface SolverCurves {
  readonly title: string;
  readonly points: readonly ({ readonly solver: string; readonly calls: number } & Errors)[];
  readonly floor: Errors;
}

const measures = [
  { label: 'free-energy error', unit: 'kT²', of: ({ pmf }: Errors) => pmf },
  { label: 'Jensen–Shannon divergence', of: ({ js }: Errors) => js },
  { label: 'bond lengths, W1', unit: 'pm', of: ({ bonds = Number.NaN }: Errors) => 1e3 * bonds },
] as const;

export function solverCurves({ title, points, floor }: SolverCurves): Figure {
  const solvers = [...new Set(points.map(({ solver }) => solver))];
  const shown = measures.filter(({ of }) => points.some((point) => Number.isFinite(of(point))));
  const charts = shown.map(({ of, ...y }): LineChart => {
    const curves = solvers.map((name) => {
      const own = points.filter(({ solver }) => solver === name);
      return { name, x: own.map(({ calls }) => calls), y: own.map(of) };
    });
    const level = of(floor);
    return {
      title,
      x: { label: 'network calls per sample', scale: 'log' },
      y: { ...y, scale: 'log' },
      curves,
      levels: level > 0 ? [{ name: 'noise floor', value: level }] : [],
    };
  });
  return chartRow(title, charts);
}
