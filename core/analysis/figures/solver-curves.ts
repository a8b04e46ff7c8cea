/**
 * What the solvers of sampling reach against what they cost: one plot per measure side by side, a line per solver over
 * the network calls of a sample, both logarithmic, and the noise floor. One legend above. Bond lengths in pm.
 */
import { figureTitle, MARGIN } from './axes.ts';
import { legend } from './legend.ts';
import { curveTable, drawChart, type LineChart, styleCurves } from './line-chart.ts';
import { type Figure, svgDocument } from './svg.ts';
import { MUTED } from './theme.ts';

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

const PANEL = { width: 300, height: 250 } as const;
const PITCH = PANEL.width + MARGIN.left + 24;

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
  const width = PITCH * charts.length;
  const entries = [
    ...styleCurves(charts[0]!).map(({ entry }) => entry),
    { name: 'noise floor', colour: MUTED, dash: '1.5 3', width: 1.5 },
  ];
  const key = legend(entries, MARGIN.left, MARGIN.top + 4, width - MARGIN.left - 24);
  const top = MARGIN.top + key.height + 12;
  const plots = charts.map((chart, i) => drawChart({ x: MARGIN.left + i * PITCH, y: top, ...PANEL }, chart));
  return {
    svg: svgDocument(width, top + PANEL.height + MARGIN.bottom, title, [figureTitle(title, width), key.svg, ...plots]),
    csv: curveTable(charts),
  };
}
