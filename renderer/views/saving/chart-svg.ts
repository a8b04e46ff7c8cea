/** A chart of curves as a figure on paper, and its numbers as a table: what LineChart.svelte shows, to be saved. */
import { MARGIN, panelTitle, plotFrame } from '../../../core/analysis/figures/axes.ts';
import { csv } from '../../../core/analysis/figures/csv.ts';
import { legend } from '../../../core/analysis/figures/legend.ts';
import { band, polyline } from '../../../core/analysis/figures/polyline.ts';
import { columnTitle, columnValue, type Quantity } from '../../../core/analysis/figures/quantity.ts';
import { makeScale, type Scale } from '../../../core/analysis/figures/scale.ts';
import { type Box, element, pixels, svgDocument, text } from '../../../core/analysis/figures/svg.ts';
import { MUTED } from '../../../core/analysis/figures/theme.ts';
import type { Interval } from '../../../core/systems/toys/toy-system.ts';
import {
  axisTicksOf,
  type ChartAxis,
  type Curve,
  linesOf,
  rangeOf,
  titleOf,
  type VerticalLine,
} from '../chart/curves.ts';
import { paperColour } from './paper.ts';

export interface Chart {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly verticals?: readonly VerticalLine[];
  /** In points; 0 for none. */
  readonly smoothing?: number;
}

/** Charts side by side in rows, in the order given. */
export function chartsSvg(title: string, charts: readonly Chart[], columns: number): string {
  const [width, height] = [380, 280];
  const across = Math.max(1, Math.min(columns, charts.length));
  const down = Math.ceil(charts.length / across);
  const parts = charts.map((chart, i) => {
    const place = `translate(${(i % across) * width} ${Math.floor(i / across) * height})`;
    return element('g', { transform: place }, ...chartParts({ ...chart, id: `plot-${i}` }, width, height));
  });
  return svgDocument(across * width, Math.max(1, down) * height, title, parts);
}

const DASHES = { solid: undefined, dashed: '6 4', dotted: '2 3' } as const;

export const chartSvg = (chart: Chart, width = 640, height = 400): string =>
  svgDocument(width, height, chart.title, chartParts(chart, width, height));

function chartParts(
  { title, curves, x, y, verticals = [], smoothing = 0, id = 'plot' }: Chart & { id?: string },
  width: number,
  height: number,
): string[] {
  const right = width - 20;
  const styles = curves.map(({ name, colour, dash = 'solid' }) => ({
    name,
    colour: paperColour(colour),
    dash: DASHES[dash],
  }));
  const key = legend(styles, MARGIN.left, MARGIN.top, right - MARGIN.left);
  const top = MARGIN.top + key.height + 8;
  const box: Box = { x: MARGIN.left, y: top, width: right - MARGIN.left, height: height - top - MARGIN.bottom };
  const drawn = curves.map((curve) => linesOf(curve, smoothing, y.log ?? false));
  const spansX = extent(
    curves.map((curve) => curve.x),
    x.log,
  );
  const spansY = extent([...drawn.flat().map(({ values }) => values), ...curves.flatMap(bandEdges)], y.log);
  const scaleX = scaleOf(x, rangeOf(x, spansX, 0), [box.x, box.x + box.width], box.width / 80);
  const scaleY = scaleOf(y, rangeOf(y, spansY, 0.06), [box.y + box.height, box.y], box.height / 50);
  const lines = curves.flatMap((curve, i) => {
    const { colour, dash } = styles[i]!;
    const area = curve.error && band(curve.x, curve.y, curve.error, scaleX, scaleY);
    return [
      ...(area ? [element('path', { d: area, fill: colour, 'fill-opacity': 0.16 })] : []),
      ...drawn[i]!.map(({ role, values }) =>
        element('path', {
          d: polyline(curve.x, values, scaleX, scaleY),
          fill: 'none',
          stroke: colour,
          'stroke-opacity': role === 'raw' ? 0.3 : undefined,
          'stroke-width': role === 'raw' ? 0.8 : 1.6,
          'stroke-dasharray': role === 'line' ? dash : undefined,
        }),
      ),
    ];
  });
  const rules = verticals
    .filter((line) => line.x > scaleX.domain[0] && line.x < scaleX.domain[1])
    .map((line) => {
      const d = `M${pixels(scaleX.at(line.x))} ${pixels(box.y)}v${pixels(box.height)}`;
      const label = line.label ? text(scaleX.at(line.x) + 4, box.y + 14, line.label, { fill: MUTED }) : '';
      return element('path', { d, stroke: MUTED, 'stroke-dasharray': '4 4' }) + label;
    });
  return [
    element('clipPath', { id }, element('rect', { ...box })),
    panelTitle({ ...box, y: 30 }, title),
    key.svg,
    element('g', { 'clip-path': `url(#${id})` }, ...lines, ...rules),
    plotFrame(box, scaleX, scaleY, { xTitle: titleOf(x), yTitle: titleOf(y) }),
  ];
}

const scaleOf = (axis: ChartAxis, range: Interval, along: Interval, count: number): Scale => ({
  ...makeScale(axis.log ? 'log' : 'linear', range, along, count),
  ticks: axisTicksOf(axis, range, count),
});

/** A row for each point of each curve; angles in degrees. */
export function chartCsv({ curves, x, y }: Chart): string {
  const quantity = ({ label, unit, angle }: ChartAxis): Quantity => {
    const shown = angle ? 'rad' : unit;
    return shown === undefined ? { label } : { label, unit: shown };
  };
  const [acrossX, alongY] = [quantity(x), quantity(y)];
  const titles = [acrossX, alongY, { ...alongY, label: `error of ${alongY.label}` }].map(columnTitle);
  const rows = curves.flatMap((curve) =>
    Array.from(curve.x, (value, i) => [
      curve.name,
      columnValue(acrossX, value),
      columnValue(alongY, curve.y[i] ?? Number.NaN),
      columnValue(alongY, curve.error?.[i] ?? Number.NaN),
    ]),
  );
  return csv(['curve', ...titles], rows);
}

type Values = ArrayLike<number>;

function bandEdges({ y, error }: Curve): Values[] {
  if (!error) return [];
  return [-1, 1].map((sign) => Float64Array.from(y, (value, i) => value + sign * error[i]!));
}

/** The least and the greatest number, null where there is none; above 0 where an axis shows nothing else. */
function extent(columns: readonly Values[], positive = false): [number | null, number | null] {
  let low: number | null = null;
  let high: number | null = null;
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i]!;
      if (!Number.isFinite(value) || (positive && value <= 0)) continue;
      if (low === null || value < low) low = value;
      if (high === null || value > high) high = value;
    }
  }
  return [low, high];
}
