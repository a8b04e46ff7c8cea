/**
 * The metrics as an aligned text table for a terminal, each next to its noise floor (method §9). A metric that is not
 * above the floor is marked: it is noise, not merit.
 */
import type { Metrics, PlaneMetrics } from './plane-metrics.ts';

const ROWS = [
  ['samples vs reference', 'iid'],
  ['simulation vs reference', 'sim'],
  ['samples vs simulation', 'consistency'],
] as const satisfies readonly (readonly [string, keyof Metrics])[];

interface Column {
  readonly title: string;
  readonly metric: keyof PlaneMetrics;
  /** What the metric is multiplied by for the unit of the title. */
  readonly factor: number;
}

const COLUMNS: readonly Column[] = [
  { title: 'free-energy error', metric: 'pmf', factor: 1 },
  { title: 'JS', metric: 'js', factor: 1 },
  { title: 'JS pooled', metric: 'jsPooled', factor: 1 },
  { title: 'bond W1 / pm', metric: 'bonds', factor: 1000 },
];

export function comparisonTable(metrics: Metrics): string {
  const columns = COLUMNS.filter(({ metric }) => metrics.floor[metric] !== undefined);
  const header = ['', ...columns.flatMap(({ title }) => [title, 'floor '])];
  const rows = ROWS.map(([title, row]) => [
    title,
    ...columns.flatMap(({ metric, factor }) => {
      const value = factor * (metrics[row][metric] ?? Number.NaN);
      const floor = factor * metrics.floor[metric]!;
      return [digits(value), digits(floor) + (value <= floor ? '≈' : ' ')];
    }),
  ]);
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => cells[column]!.length)));
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(line(header).length);
  const noise = rows.some((cells) => cells.some((cell) => cell.endsWith('≈'))) ? ['≈ at or below the noise floor'] : [];
  return [line(header), rule, ...rows.map(line), ...noise].join('\n');
}

/** Three significant digits, never an exponent between 0.0001 and 1000. */
function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value !== 0 && Math.abs(value) < 1e-4) return value.toExponential(1);
  return value.toFixed(value < 0.1 ? 4 : 3);
}
